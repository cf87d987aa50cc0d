package fi.lyhde.parts;

import java.util.Map;
import java.util.function.Function;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** {@code whitespace} and {@code keyword}; {@code standard} is the server's own. */
final class Tokenizers {
    private Tokenizers() {}

    static Map<String, AnalysisProvider<TokenizerFactory>> all() {
        return Map.of(
            "whitespace", provider(settings -> new WhitespaceTokenizer(settings.getAsInt("max_token_length", 255))),
            "keyword", provider(settings -> new KeywordTokenizer(settings.getAsInt("buffer_size", 256))));
    }

    private static AnalysisProvider<TokenizerFactory> provider(Function<Settings, Tokenizer> make) {
        return (index, environment, name, settings) -> TokenizerFactory.newFactory(name, () -> make.apply(settings));
    }
}
