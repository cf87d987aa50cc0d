package fi.lyhde.parts;

import java.util.regex.Pattern;
import org.elasticsearch.common.settings.Settings;

/** The parameters {@code pattern} and {@code flags} ({@code CASE_INSENSITIVE|DOTALL}). */
final class Patterns {
    private Patterns() {}

    static Pattern of(Settings settings) {
        int flags = 0;
        for (String flag : settings.get("flags", "").split("\\|")) {
            flags |= flag(flag.trim());
        }
        return Pattern.compile(settings.get("pattern", "\\W+"), flags);
    }

    private static int flag(String name) {
        return switch (name) {
            case "" -> 0;
            case "CASE_INSENSITIVE" -> Pattern.CASE_INSENSITIVE;
            case "UNICODE_CASE" -> Pattern.UNICODE_CASE;
            case "UNICODE_CHARACTER_CLASS" -> Pattern.UNICODE_CHARACTER_CLASS;
            case "MULTILINE" -> Pattern.MULTILINE;
            case "DOTALL" -> Pattern.DOTALL;
            case "COMMENTS" -> Pattern.COMMENTS;
            default -> throw new IllegalArgumentException("unknown flag of a pattern: [" + name + "]");
        };
    }
}
