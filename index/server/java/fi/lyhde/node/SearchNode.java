package fi.lyhde.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.network.NetworkAddress;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One Elasticsearch node in this JVM. Starts without the server's own launcher, so that any runtime will do,
 * writes {@code {"pid": …, "url": …}} to the ready file once HTTP is up, and stops on SIGTERM.
 */
public final class SearchNode {
    private static final int CLOSE_TIMEOUT_S = 20;

    private SearchNode() {}

    public static void main(String[] args) throws Exception {
        Path home = Path.of(System.getProperty("es.path.home"));
        Path config = Path.of(System.getProperty("es.path.conf"));
        Path ready = Path.of(System.getProperty("lyhde.ready.file"));
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            Node node = new Node(environment(home, config), plugins(home));
            node.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, ready, stopped), "stop"));
            announce(node, ready);
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
        stopped.await();
    }

    private static Environment environment(Path home, Path config) throws Exception {
        LogConfigurator.registerErrorListener();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            Settings.EMPTY, Map.of("path.home", home.toString()), config, () -> "lyhde");
        LogConfigurator.setNodeName(Node.NODE_NAME_SETTING.get(environment.settings()));
        LogConfigurator.configure(environment, true);
        return environment;
    }

    /** The jars have no module descriptors: everything is loaded from the class path, nothing is exported by name. */
    private static PluginsLoader plugins(Path home) {
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(home.resolve("modules"), false),
            PluginsLoader.loadPluginsBundles(home.resolve("plugins"), false), Map.of(), false);
    }

    private static void announce(Node node, Path ready) throws IOException {
        var address = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().address();
        String text = "{\"pid\": " + ProcessHandle.current().pid()
            + ", \"url\": \"http://" + NetworkAddress.format(address) + "\"}\n";
        Path part = ready.resolveSibling(ready.getFileName() + ".part");
        Files.writeString(part, text);
        Files.move(part, ready, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void stop(Node node, Path ready, CountDownLatch stopped) {
        try {
            Files.deleteIfExists(ready);
            node.prepareForClose();
            node.close();
            node.awaitClose(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (Exception failure) {
            failure.printStackTrace();
        } finally {
            stopped.countDown();
        }
    }
}
