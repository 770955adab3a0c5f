// What the real classes of the Spark on the class path make of configurations: one JSON a line in,
// {"type":"jvm|python|r","conf":{...}}, one a line out, with a section for each class as in
// tests/testdata/vectors/README.md: {"ok":true,...}, or {"ok":false,"message"} where it throws.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.ExecutorAllocationManager;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.apache.spark.deploy.k8s.KubernetesConf$;
import org.apache.spark.deploy.k8s.KubernetesDriverConf;
import org.apache.spark.deploy.k8s.KubernetesDriverSpec;
import org.apache.spark.deploy.k8s.submit.JavaMainAppResource;
import org.apache.spark.deploy.k8s.submit.KubernetesDriverBuilder;
import org.apache.spark.deploy.k8s.submit.MainAppResource;
import org.apache.spark.deploy.k8s.submit.PythonMainAppResource;
import org.apache.spark.deploy.k8s.submit.RMainAppResource;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.resource.ResourceProfileManager;
import org.apache.spark.scheduler.LiveListenerBus;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.util.RpcUtils;
import org.apache.spark.util.SystemClock;
import org.apache.spark.util.Utils;
import scala.Option;
import scala.Tuple2;

public final class SparkClasses {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FACTOR = "spark.kubernetes.memoryOverheadFactor";

  private interface Section {
    void fill(ObjectNode section) throws Throwable;
  }

  private final String type;
  private final Map<String, String> written = new HashMap<>();
  // What the driver's pod hands on to the driver that then runs, as far as it can be told apart.
  private final Map<String, String> handedOn = new HashMap<>();

  private SparkClasses(JsonNode request) {
    type = request.path("type").asText("jvm");
    request.path("conf").fields().forEachRemaining(
        one -> written.put(one.getKey(), one.getValue().asText()));
  }

  private SparkConf submitted() {
    SparkConf conf = new SparkConf(false);
    conf.set("spark.master", "k8s://https://api");
    conf.set("spark.app.name", "app");
    conf.set("spark.submit.deployMode", "cluster");
    conf.set("spark.kubernetes.container.image", "image");
    conf.set("spark.kubernetes.resource.type", type.equals("jvm") ? "java" : type);
    written.forEach(conf::set);
    return conf;
  }

  private SparkConf inDriver() {
    SparkConf conf = submitted();
    handedOn.forEach(conf::set);
    conf.set("spark.driver.host", "driver");
    if (!conf.contains("spark.driver.port")) conf.set("spark.driver.port", "7078");
    conf.set("spark.app.id", "app-id");
    return conf;
  }

  private MainAppResource resource() {
    if (type.equals("python")) return new PythonMainAppResource("local:///app.py");
    if (type.equals("r")) return new RMainAppResource("local:///app.R");
    return new JavaMainAppResource(Option.apply("local:///app.jar"));
  }

  // Newer versions have a second method of this name and length.
  private KubernetesDriverConf driverConf() throws Throwable {
    for (Method method : KubernetesConf$.class.getMethods()) {
      Class<?>[] types = method.getParameterTypes();
      if (method.getName().equals("createDriverConf") && types.length == 6
          && types[5] == Option.class) {
        return (KubernetesDriverConf) method.invoke(KubernetesConf$.MODULE$, submitted(), "app-id",
            resource(), "Main", new String[0], Option.empty());
      }
    }
    throw new NoSuchMethodError("createDriverConf");
  }

  private static ResourceProfile profileOf(SparkConf conf) {
    ResourceProfile$.MODULE$.clearDefaultProfile();
    return ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf);
  }

  private void driver(ObjectNode section) throws Throwable {
    KubernetesDriverSpec spec = new KubernetesDriverBuilder().buildFromFeatures(driverConf(), null);
    scala.collection.Iterator<Tuple2<String, String>> properties =
        spec.systemProperties().iterator();
    while (properties.hasNext()) {
      Tuple2<String, String> property = properties.next();
      if (property._1().equals(FACTOR)) handedOn.put(FACTOR, property._2());
    }
    resources(spec.pod().container(), section);
  }

  private void executor(ObjectNode section) {
    SparkConf conf = inDriver();
    SecurityManager security = new SecurityManager(conf, Option.empty(), null);
    security.initializeAuth();
    resources(new KubernetesExecutorBuilder()
        .buildFromFeatures(
            KubernetesConf$.MODULE$.createExecutorConf(conf, "1", "app-id", Option.empty(), 0),
            security, null, profileOf(conf))
        .pod().container(), section);
  }

  // The command line of spark-submit, in the mode in which the driver's pod runs it or in the user's.
  private List<String> arguments(String deployMode) {
    List<String> arguments = new ArrayList<>(
        List.of("--master", "k8s://https://api:443", "--deploy-mode", deployMode));
    written.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.addAll(type.equals("jvm") || deployMode.equals("client")
        ? List.of("--class", "Main", "local:///app.jar")
        : List.of(type.equals("r") ? "local:///app.R" : "local:///app.py"));
    return arguments;
  }

  @SuppressWarnings("deprecation")
  private void submitArgs(ObjectNode section) {
    new SparkSubmitArguments(
        scala.collection.JavaConverters.asScalaBuffer(arguments("cluster")).toList(),
        scala.collection.immutable.Map$.MODULE$.empty());
  }

  // The launcher's class is not public.
  private void driverXmx(ObjectNode section) throws Throwable {
    Class<?> builder = Class.forName("org.apache.spark.launcher.SparkSubmitCommandBuilder");
    Constructor<?> made = builder.getDeclaredConstructor(List.class);
    made.setAccessible(true);
    Method build = builder.getDeclaredMethod("buildCommand", Map.class);
    build.setAccessible(true);
    build.invoke(made.newInstance(arguments("client")), new HashMap<String, String>());
  }

  private void dynAlloc(ObjectNode section) {
    SparkConf conf = inDriver();
    if (!Utils.isDynamicAllocationEnabled(conf)) return;
    ResourceProfile$.MODULE$.clearDefaultProfile();
    LiveListenerBus bus = new LiveListenerBus(conf);
    ExecutorAllocationClient client = (ExecutorAllocationClient) Proxy.newProxyInstance(
        SparkClasses.class.getClassLoader(), new Class<?>[] {ExecutorAllocationClient.class},
        (proxy, method, given) -> { throw new IllegalStateException("it is asked for nothing"); });
    new ExecutorAllocationManager(client, bus, conf, Option.empty(), new SystemClock(),
        new ResourceProfileManager(conf, bus), false);
  }

  private static void resources(Container container, ObjectNode section) {
    Map<String, Quantity> limits = container.getResources().getLimits();
    section.put("memRequest", text(container.getResources().getRequests().get("memory")));
    section.put("cpuRequest", text(container.getResources().getRequests().get("cpu")));
    section.put("cpuLimit", limits == null ? null : text(limits.get("cpu")));
  }

  private static String text(Quantity quantity) {
    if (quantity == null) return null;
    return quantity.getAmount() + (quantity.getFormat() == null ? "" : quantity.getFormat());
  }

  private static void add(ObjectNode answer, String name, Section section) {
    ObjectNode filled = JSON.createObjectNode();
    try {
      section.fill(filled);
      filled.put("ok", true);
    } catch (Throwable thrown) {
      Throwable cause = thrown;
      while (cause instanceof InvocationTargetException) cause = cause.getCause();
      filled = JSON.createObjectNode().put("ok", false).put("message", cause.toString());
    }
    answer.set(name, filled);
  }

  private ObjectNode answer() {
    ObjectNode answer = JSON.createObjectNode();
    add(answer, "driver", this::driver);  // first: the others see what it hands on
    add(answer, "executor", this::executor);
    add(answer, "taskSlots", section -> {
      SparkConf conf = inDriver();
      section.put("slots", profileOf(conf).maxTasksPerExecutor(conf));
    });
    add(answer, "validateSettings",
        section -> SparkConf.class.getMethod("validateSettings").invoke(inDriver()));
    add(answer, "kryo", section -> new KryoSerializer(inDriver()));
    add(answer, "rpc", section -> RpcUtils.maxMessageSizeBytes(inDriver()));
    add(answer, "submitArgs", this::submitArgs);
    add(answer, "driverXmx", this::driverXmx);
    add(answer, "dynAlloc", this::dynAlloc);
    return answer;
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(JSON.writeValueAsString(new SparkClasses(JSON.readTree(line)).answer()));
    }
    out.flush();
  }
}
