package fi.lyhde.parts;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestRequest.Method;
import org.elasticsearch.rest.action.search.RestSearchAction;
import org.elasticsearch.xcontent.XContentParser;

/** An endpoint over rendered templates, at two paths, by GET and POST. */
abstract class TemplateHandler extends BaseRestHandler {
    protected final Renderer renderer;
    private final String name;
    private final List<String> paths;

    TemplateHandler(Renderer renderer, String name, List<String> paths) {
        this.renderer = renderer;
        this.name = name;
        this.paths = paths;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public List<Route> routes() {
        return paths.stream().flatMap(p -> Stream.of(new Route(Method.GET, p), new Route(Method.POST, p))).toList();
    }

    @Override
    protected Set<String> responseParams() {
        return RestSearchAction.RESPONSE_PARAMS;
    }

    static Map<String, Object> body(RestRequest request) throws IOException {
        try (XContentParser parser = request.contentOrSourceParamParser()) {
            return parser.map();
        }
    }
}
