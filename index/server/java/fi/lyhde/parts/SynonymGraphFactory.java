package fi.lyhde.parts;

import java.io.IOException;
import java.io.StringReader;
import java.text.ParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.util.CharsRef;
import org.apache.lucene.util.CharsRefBuilder;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.CustomAnalyzer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;

/** {@code synonym_graph} with inline rules, which are read through the filters that stand before it. */
final class SynonymGraphFactory extends AbstractTokenFilterFactory {
    private static final int REMEMBERED = 8;

    /**
     * What rules have become. An index's analysers are built several times while it is made, and reading thousands of
     * rules through a chain of filters takes seconds: the same rules behind the same definitions are read once.
     */
    private static final Map<List<Object>, SynonymMap> READ = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, SynonymMap> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final List<String> rules;
    private final boolean expand;
    private final Settings definitions;

    SynonymGraphFactory(String name, Settings settings, Settings definitions) {
        super(name);
        rules = settings.getAsList("synonyms");
        expand = settings.getAsBoolean("expand", true);
        this.definitions = definitions;
    }

    @Override
    public TokenStream create(TokenStream in) {
        throw new IllegalStateException("[" + name() + "] has no rules before its place in an analyser is known");
    }

    @Override
    public TokenFilterFactory getChainAwareTokenFilterFactory(
            IndexCreationContext context, TokenizerFactory tokenizer, List<CharFilterFactory> charFilters,
            List<TokenFilterFactory> before, Function<String, TokenFilterFactory> byName) {
        List<Object> key = List.of(
            name(), expand, rules, definitions, tokenizer.name(),
            charFilters.stream().map(CharFilterFactory::name).toList(),
            before.stream().map(TokenFilterFactory::name).toList());
        synchronized (READ) {
            SynonymMap known = READ.get(key);
            if (known == null) {
                known = read(new CustomAnalyzer(tokenizer, charFilters.toArray(CharFilterFactory[]::new),
                    before.stream().map(TokenFilterFactory::getSynonymFilter).toArray(TokenFilterFactory[]::new)));
                READ.put(key, known);
            }
            return new InPlace(name(), known);
        }
    }

    private SynonymMap read(Analyzer chain) {
        try {
            SolrSynonymParser parser = new Remembering(expand, chain);
            parser.parse(new StringReader(String.join("\n", rules)));
            return parser.build();
        } catch (IOException | ParseException failure) {
            throw new IllegalArgumentException("failed to read the synonyms of [" + name() + "]", failure);
        }
    }

    /** Analyses each side of a rule once, however many rules have it. */
    private static final class Remembering extends SolrSynonymParser {
        private final Map<String, CharsRef> analysed = new HashMap<>();

        Remembering(boolean expand, Analyzer chain) {
            super(true, expand, chain);
        }

        @Override
        public CharsRef analyze(String text, CharsRefBuilder reuse) throws IOException {
            CharsRef known = analysed.get(text);
            if (known == null) {
                known = CharsRef.deepCopyOf(super.analyze(text, reuse));
                analysed.put(text, known);
            }
            reuse.copyChars(known);
            return reuse.get();
        }
    }

    private record InPlace(String name, SynonymMap map) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream in) {
            return map.fst == null ? in : new SynonymGraphFilter(in, map, false);
        }

        /** Rules of another synonym filter are not themselves expanded. */
        @Override
        public TokenFilterFactory getSynonymFilter() {
            return IDENTITY_FILTER;
        }
    }
}
