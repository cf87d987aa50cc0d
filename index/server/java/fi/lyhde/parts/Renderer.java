package fi.lyhde.parts;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.common.xcontent.XContentHelper;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.script.Script;
import org.elasticsearch.script.ScriptService;
import org.elasticsearch.script.ScriptType;
import org.elasticsearch.script.TemplateScript;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentType;

/** From {@code {"id" or "source": …, "params": {…}}} to the text of a search. */
final class Renderer {
    private final Supplier<ScriptService> scripts;

    Renderer(Supplier<ScriptService> scripts) {
        this.scripts = scripts;
    }

    String render(Map<String, Object> body) {
        @SuppressWarnings("unchecked")
        Map<String, Object> params = (Map<String, Object>) body.getOrDefault("params", Map.of());
        return scripts.get().compile(script(body, params), TemplateScript.CONTEXT).newInstance(params).execute();
    }

    XContentParser parser(RestRequest request, Map<String, Object> body) throws IOException {
        return XContentHelper.createParserNotCompressed(
            request.contentParserConfig(), new BytesArray(render(body)), XContentType.JSON);
    }

    private static Script script(Map<String, Object> body, Map<String, Object> params) {
        Object source = body.get("source");
        if (source != null) {
            String text = source instanceof String given ? given : Json.of(source);
            return new Script(ScriptType.INLINE, "mustache", text, params);
        }
        if (body.get("id") == null) {
            throw new IllegalArgumentException("a template needs [id] or [source]");
        }
        return new Script(ScriptType.STORED, null, body.get("id").toString(), params);
    }
}
