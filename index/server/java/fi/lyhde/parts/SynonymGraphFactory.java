package fi.lyhde.parts;

import java.io.StringReader;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.CustomAnalyzer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;

/** {@code synonym_graph} with inline rules, which are read through the filters that stand before it. */
final class SynonymGraphFactory extends AbstractTokenFilterFactory {
    private final List<String> rules;
    private final boolean expand;

    SynonymGraphFactory(String name, Settings settings) {
        super(name);
        rules = settings.getAsList("synonyms");
        expand = settings.getAsBoolean("expand", true);
    }

    @Override
    public TokenStream create(TokenStream in) {
        throw new IllegalStateException("[" + name() + "] has no rules before its place in an analyser is known");
    }

    @Override
    public TokenFilterFactory getChainAwareTokenFilterFactory(
            IndexCreationContext context, TokenizerFactory tokenizer, List<CharFilterFactory> charFilters,
            List<TokenFilterFactory> before, Function<String, TokenFilterFactory> byName) {
        Analyzer chain = new CustomAnalyzer(tokenizer, charFilters.toArray(CharFilterFactory[]::new),
            before.stream().map(TokenFilterFactory::getSynonymFilter).toArray(TokenFilterFactory[]::new));
        return new InPlace(name(), read(chain));
    }

    private SynonymMap read(Analyzer chain) {
        try {
            SolrSynonymParser parser = new SolrSynonymParser(true, expand, chain);
            parser.parse(new StringReader(String.join("\n", rules)));
            return parser.build();
        } catch (Exception failure) {
            throw new IllegalArgumentException("failed to read the synonyms of [" + name() + "]", failure);
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
