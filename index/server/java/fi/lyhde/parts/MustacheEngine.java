package fi.lyhde.parts;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.TemplateFunction;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.elasticsearch.script.ScriptContext;
import org.elasticsearch.script.ScriptEngine;
import org.elasticsearch.script.ScriptException;
import org.elasticsearch.script.TemplateScript;

/** Scripts in the language {@code mustache}, with {@code toJson}, {@code join} and {@code url}; values are quoted for JSON. */
final class MustacheEngine implements ScriptEngine {
    private final JsonMustacheFactory factory = new JsonMustacheFactory();

    @Override
    public String getType() {
        return "mustache";
    }

    @Override
    public Set<ScriptContext<?>> getSupportedContexts() {
        return Set.of(TemplateScript.CONTEXT, TemplateScript.INGEST_CONTEXT);
    }

    @Override
    public <T> T compile(String name, String source, ScriptContext<T> context, Map<String, String> options) {
        Mustache template;
        try {
            template = factory.compile(new StringReader(source), "template");
        } catch (MustacheException failure) {
            throw new ScriptException(failure.getMessage(), failure, List.of(), source, getType());
        }
        TemplateScript.Factory made = params -> new TemplateScript(params) {
            @Override
            public String execute() {
                StringWriter out = new StringWriter();
                template.execute(out, scope(params));
                return out.toString();
            }
        };
        return context.factoryClazz.cast(made);
    }

    private static Map<String, Object> scope(Map<String, Object> params) {
        Map<String, Object> values = params == null ? Map.of() : params;
        Map<String, Object> scope = new HashMap<>(values);
        scope.put("toJson", (TemplateFunction) path -> literally(Json.of(lookup(values, path))));
        scope.put("join", (TemplateFunction) path -> literally(join(lookup(values, path))));
        scope.put("url", (UnaryOperator<String>) text -> URLEncoder.encode(text, StandardCharsets.UTF_8));
        return scope;
    }

    /** What a template function returns is compiled again: braces in a value must not start a tag there. */
    private static String literally(String text) {
        return text.replace("{{", "{\\u007b");
    }

    private static String join(Object value) {
        return value instanceof Collection<?> list
            ? list.stream().map(Object::toString).collect(Collectors.joining(","))
            : String.valueOf(value);
    }

    private static Object lookup(Map<String, Object> params, String path) {
        Object at = params;
        for (String key : path.trim().split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
    }

    private static final class JsonMustacheFactory extends DefaultMustacheFactory {
        @Override
        public void encode(String value, Writer out) {
            String quoted = Json.of(value);
            try {
                out.write(quoted, 1, quoted.length() - 2);
            } catch (IOException failure) {
                throw new MustacheException(failure);
            }
        }

        @Override
        public Reader getReader(String name) {
            throw new MustacheException("a template may not include another: [" + name + "]");
        }
    }
}
