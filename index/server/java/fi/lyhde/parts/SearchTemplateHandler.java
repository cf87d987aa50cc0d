package fi.lyhde.parts;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.elasticsearch.action.search.SearchRequest;
import org.elasticsearch.action.search.TransportSearchAction;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.action.RestRefCountedChunkedToXContentListener;
import org.elasticsearch.rest.action.search.RestSearchAction;
import org.elasticsearch.xcontent.XContentParser;

/** {@code _search/template}: one search. */
final class SearchTemplateHandler extends TemplateHandler {
    private final Predicate<NodeFeature> features;

    SearchTemplateHandler(Renderer renderer, Predicate<NodeFeature> features) {
        super(renderer, "lyhde_search_template", List.of("/_search/template", "/{index}/_search/template"));
        this.features = features;
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) throws IOException {
        Map<String, Object> body = body(request);
        SearchRequest search = new SearchRequest();
        try (XContentParser parser = renderer.parser(request, body)) {
            RestSearchAction.parseSearchRequest(search, request, parser, features, size -> search.source().size(size));
        }
        if (Boolean.TRUE.equals(body.get("explain"))) {
            search.source().explain(true);
        }
        if (Boolean.TRUE.equals(body.get("profile"))) {
            search.source().profile(true);
        }
        return channel -> client.execute(
            TransportSearchAction.TYPE, search, new RestRefCountedChunkedToXContentListener<>(channel));
    }
}
