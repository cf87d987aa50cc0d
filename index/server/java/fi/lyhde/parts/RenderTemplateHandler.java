package fi.lyhde.parts;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.common.xcontent.XContentHelper;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentType;

/** {@code _render/template}: the search a template makes, not run. */
final class RenderTemplateHandler extends TemplateHandler {
    RenderTemplateHandler(Renderer renderer) {
        super(renderer, "lyhde_render_template", List.of("/_render/template", "/_render/template/{id}"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) throws IOException {
        Map<String, Object> body = request.hasContentOrSourceParam() ? body(request) : new HashMap<>();
        if (request.hasParam("id")) {
            body.put("id", request.param("id"));
        }
        Map<String, Object> search = XContentHelper.convertToMap(
            XContentType.JSON.xContent(), renderer.render(body), true);
        return channel -> channel.sendResponse(
            new RestResponse(RestStatus.OK, channel.newBuilder().map(Map.of("template_output", search))));
    }
}
