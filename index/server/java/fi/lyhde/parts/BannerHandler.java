package fi.lyhde.parts;

import java.util.List;
import java.util.function.Supplier;
import org.apache.lucene.util.Version;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/** {@code GET /}: name, cluster and version, which every client asks for first. */
final class BannerHandler extends BaseRestHandler {
    private final Supplier<ClusterService> cluster;

    BannerHandler(Supplier<ClusterService> cluster) {
        this.cluster = cluster;
    }

    @Override
    public String getName() {
        return "lyhde_banner";
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
        return channel -> {
            XContentBuilder out = channel.newBuilder().startObject();
            out.field("name", cluster.get().getNodeName());
            out.field("cluster_name", cluster.get().getClusterName().value());
            out.field("cluster_uuid", cluster.get().state().metadata().clusterUUID());
            version(out);
            out.field("tagline", "You Know, for Search").endObject();
            channel.sendResponse(new RestResponse(RestStatus.OK, out));
        };
    }

    private static void version(XContentBuilder out) throws java.io.IOException {
        Build build = Build.current();
        out.startObject("version").field("number", build.qualifiedVersion());
        out.field("build_flavor", build.flavor()).field("build_type", "maven");
        out.field("build_hash", build.hash()).field("build_date", build.date());
        out.field("build_snapshot", build.isSnapshot()).field("lucene_version", Version.LATEST.toString());
        out.field("minimum_wire_compatibility_version", build.minWireCompatVersion());
        out.field("minimum_index_compatibility_version", build.minIndexCompatVersion()).endObject();
    }
}
