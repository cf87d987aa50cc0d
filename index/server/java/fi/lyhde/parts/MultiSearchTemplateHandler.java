package fi.lyhde.parts;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.elasticsearch.action.search.MultiSearchRequest;
import org.elasticsearch.action.search.TransportMultiSearchAction;
import org.elasticsearch.action.support.IndicesOptions;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.action.RestRefCountedChunkedToXContentListener;
import org.elasticsearch.rest.action.search.RestMultiSearchAction;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.xcontent.XContentParser;

/** {@code _msearch/template}: lines of header and template, several searches in one round trip. */
final class MultiSearchTemplateHandler extends TemplateHandler {
    private static final int DEFAULT_CONCURRENT_SEARCHES = 4;
    private final Predicate<NodeFeature> features;

    MultiSearchTemplateHandler(Renderer renderer, Predicate<NodeFeature> features) {
        super(renderer, "lyhde_msearch_template", List.of("/_msearch/template", "/{index}/_msearch/template"));
        this.features = features;
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) throws IOException {
        MultiSearchRequest all = new MultiSearchRequest();
        all.maxConcurrentSearchRequests(request.paramAsInt("max_concurrent_searches", DEFAULT_CONCURRENT_SEARCHES));
        IndicesOptions options = IndicesOptions.strictExpandOpenAndForbidClosed();
        RestMultiSearchAction.parseMultiLineRequest(request, options, true, (search, line) -> {
            try (XContentParser parser = renderer.parser(request, line.map())) {
                all.add(search.source(new SearchSourceBuilder().parseXContent(parser, true, features)));
            }
        }, Optional.empty());
        return channel -> client.execute(
            TransportMultiSearchAction.TYPE, all, new RestRefCountedChunkedToXContentListener<>(channel));
    }
}
