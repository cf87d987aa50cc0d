package fi.lyhde.parts;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.fi.FinnishLightStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sv.SwedishLightStemFilter;

/** The {@code language} of a {@code stemmer}; a name not listed is a Snowball algorithm of Lucene's. */
final class Stemmers {
    private Stemmers() {}

    static UnaryOperator<TokenStream> of(String language) {
        String name = language.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "english", "porter" -> PorterStemFilter::new;
            case "light_english", "kstem" -> KStemFilter::new;
            case "minimal_english" -> EnglishMinimalStemFilter::new;
            case "possessive_english" -> EnglishPossessiveFilter::new;
            case "light_finnish" -> FinnishLightStemFilter::new;
            case "light_swedish" -> SwedishLightStemFilter::new;
            case "porter2" -> in -> new SnowballFilter(in, "English");
            default -> snowball(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
        };
    }

    private static UnaryOperator<TokenStream> snowball(String algorithm) {
        return in -> new SnowballFilter(in, algorithm);
    }
}
