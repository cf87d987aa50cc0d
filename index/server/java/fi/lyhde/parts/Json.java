package fi.lyhde.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.elasticsearch.common.Strings;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentFactory;

/** A value as JSON text. */
final class Json {
    private Json() {}

    static String of(Object value) {
        try (XContentBuilder out = XContentFactory.jsonBuilder()) {
            return Strings.toString(out.value(value));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
