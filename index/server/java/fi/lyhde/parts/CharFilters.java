package fi.lyhde.parts;

import java.io.Reader;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** {@code mapping} and {@code pattern_replace}. */
final class CharFilters {
    private static final String ARROW = "=>";

    private CharFilters() {}

    static Map<String, AnalysisProvider<CharFilterFactory>> all() {
        return Map.of("mapping", provider(CharFilters::mapping), "pattern_replace", provider(CharFilters::patternReplace));
    }

    private static UnaryOperator<Reader> mapping(Settings settings) {
        NormalizeCharMap.Builder rules = new NormalizeCharMap.Builder();
        for (String rule : settings.getAsList("mappings")) {
            int at = rule.lastIndexOf(ARROW);
            if (at < 0) {
                throw new IllegalArgumentException("not a mapping rule (from=>to): [" + rule + "]");
            }
            rules.add(unescape(rule.substring(0, at).trim()), unescape(rule.substring(at + ARROW.length()).trim()));
        }
        NormalizeCharMap map = rules.build();
        return in -> new MappingCharFilter(map, in);
    }

    private static UnaryOperator<Reader> patternReplace(Settings settings) {
        Pattern pattern = Patterns.of(settings);
        String replacement = settings.get("replacement", "");
        return in -> new PatternReplaceCharFilter(pattern, replacement, in);
    }

    /** The escapes of a mapping rule: \\ \n \t \r and the four-digit form of any character. */
    private static String unescape(String text) {
        return Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|(.))").matcher(text).replaceAll(found -> {
            String plain = found.group(1) != null
                ? String.valueOf((char) Integer.parseInt(found.group(1), 16))
                : switch (found.group(2)) {
                    case "n" -> "\n";
                    case "t" -> "\t";
                    case "r" -> "\r";
                    default -> found.group(2);
                };
            return java.util.regex.Matcher.quoteReplacement(plain);
        });
    }

    private static AnalysisProvider<CharFilterFactory> provider(Function<Settings, UnaryOperator<Reader>> make) {
        return AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
            UnaryOperator<Reader> wrap = make.apply(settings);
            return new NormalizingCharFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Reader create(Reader in) {
                    return wrap.apply(in);
                }
            };
        });
    }
}
