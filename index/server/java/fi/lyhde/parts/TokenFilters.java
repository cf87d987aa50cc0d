package fi.lyhde.parts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.UpperCaseFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** Token filters: one line for each name. */
final class TokenFilters {
    private TokenFilters() {}

    static Map<String, AnalysisProvider<TokenFilterFactory>> all() {
        Map<String, AnalysisProvider<TokenFilterFactory>> all = new HashMap<>();
        all.put("lowercase", normalizing(settings -> LowerCaseFilter::new));
        all.put("uppercase", normalizing(settings -> UpperCaseFilter::new));
        all.put("trim", normalizing(settings -> TrimFilter::new));
        all.put("asciifolding", normalizing(TokenFilters::asciiFolding));
        all.put("pattern_replace", AnalysisPlugin.requiresAnalysisSettings(normalizing(TokenFilters::patternReplace)));
        all.put("remove_duplicates", plain(settings -> RemoveDuplicatesTokenFilter::new));
        all.put("edge_ngram", plain(TokenFilters::edgeNgram));
        all.put("pattern_capture", AnalysisPlugin.requiresAnalysisSettings(plain(TokenFilters::patternCapture)));
        all.put("stemmer", plain(settings -> Stemmers.of(settings.get("language", settings.get("name", "english")))));
        all.put("keyword_marker", AnalysisPlugin.requiresAnalysisSettings(plain(TokenFilters::keywordMarker)));
        all.put("synonym_graph", AnalysisPlugin.requiresAnalysisSettings(
            (index, environment, name, settings) -> new SynonymGraphFactory(
                name, settings, index.getSettings().getByPrefix("index.analysis."))));
        return all;
    }

    private static UnaryOperator<TokenStream> asciiFolding(Settings settings) {
        boolean preserve = settings.getAsBoolean("preserve_original", false);
        return in -> new ASCIIFoldingFilter(in, preserve);
    }

    private static UnaryOperator<TokenStream> patternReplace(Settings settings) {
        Pattern pattern = Patterns.of(settings);
        String replacement = settings.get("replacement", "");
        boolean everywhere = settings.getAsBoolean("all", true);
        return in -> new PatternReplaceFilter(in, pattern, replacement, everywhere);
    }

    private static UnaryOperator<TokenStream> edgeNgram(Settings settings) {
        int shortest = settings.getAsInt("min_gram", 1);
        int longest = settings.getAsInt("max_gram", 2);
        boolean preserve = settings.getAsBoolean("preserve_original", false);
        return in -> new EdgeNGramTokenFilter(in, shortest, longest, preserve);
    }

    private static UnaryOperator<TokenStream> patternCapture(Settings settings) {
        List<String> patterns = settings.getAsList("patterns");
        Pattern[] compiled = patterns.stream().map(Pattern::compile).toArray(Pattern[]::new);
        boolean preserve = settings.getAsBoolean("preserve_original", true);
        return in -> new PatternCaptureGroupTokenFilter(in, preserve, compiled);
    }

    private static UnaryOperator<TokenStream> keywordMarker(Settings settings) {
        CharArraySet words = new CharArraySet(
            settings.getAsList("keywords"), settings.getAsBoolean("ignore_case", false));
        return in -> new SetKeywordMarkerFilter(in, words);
    }

    private static AnalysisProvider<TokenFilterFactory> plain(Function<Settings, UnaryOperator<TokenStream>> make) {
        return (index, environment, name, settings) -> new Plain(name, make.apply(settings));
    }

    private static AnalysisProvider<TokenFilterFactory> normalizing(
            Function<Settings, UnaryOperator<TokenStream>> make) {
        return (index, environment, name, settings) -> new Normalizing(name, make.apply(settings));
    }

    private static class Plain extends AbstractTokenFilterFactory {
        private final UnaryOperator<TokenStream> wrap;

        Plain(String name, UnaryOperator<TokenStream> wrap) {
            super(name);
            this.wrap = wrap;
        }

        @Override
        public TokenStream create(TokenStream in) {
            return wrap.apply(in);
        }
    }

    /** A filter that changes single characters only, and so may be used in a normalizer too. */
    private static final class Normalizing extends Plain implements NormalizingTokenFilterFactory {
        Normalizing(String name, UnaryOperator<TokenStream> wrap) {
            super(name, wrap);
        }
    }
}
