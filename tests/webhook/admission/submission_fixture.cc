#include "tests/webhook/admission/submission_fixture.h"

#include <memory>

#include "k8s/json_text.h"
#include "k8s/properties.h"
#include "webhook/admission/application_book.h"

namespace ballast::webhook {

using nlohmann::json;

json Oversized() {
  return Application(R"({"type":"Scala","mode":"cluster","sparkVersion":"4.0.0",
      "mainApplicationFile":"local:///a.jar",
      "driver":{"cores":1,"memory":"10g"},
      "executor":{"cores":4,"memory":"28g","instances":3},
      "sparkConf":{"spark.kryoserializer.buffer.max":"2048m"}})");
}

// A review of the object as it is created, which must outlive it.
AdmissionRequest CreateOf(const json& object) {
  AdmissionRequest request = Create(object);
  request.api_version = object["apiVersion"].get_ref<const std::string&>();
  request.kind = object["kind"].get_ref<const std::string&>();
  return request;
}

AdmissionAnswer Ask(const json& object, const Snapshot& snapshot) {
  return Admit(CreateOf(object), Endpoint::kMutate, snapshot, kNow);
}

namespace {

// A driver's settings, line by line.
class SettingsFile {
 public:
  void Add(const std::string& key, const json& value) {
    text_ += k8s::PrintProperty(key, k8s::TextOrJson(value));
    text_ += '\n';
  }
  json ConfigMap(const char* name) const {
    return {{"apiVersion", "v1"},
            {"kind", "ConfigMap"},
            {"immutable", true},
            {"metadata", {{"name", name}, {"namespace", "jobs"}}},
            {"data", {{"spark.kubernetes.namespace", "jobs"}, {"spark.properties", text_}}}};
  }

 private:
  std::string text_ = "#comment\nspark.kubernetes.resource.type=java\n";
};

}  // namespace

// The ConfigMap that the operator's spark-submit makes of the application as it is stored.
json ConfigMapOf(const json& application) {
  const json& spec = application["spec"];
  SettingsFile file;
  file.Add("spark.kubernetes.driver.label.sparkoperator.k8s.io/app-name",
           application["metadata"]["name"]);
  file.Add("spark.kubernetes.driver.label.sparkoperator.k8s.io/launched-by-spark-operator", "true");
  file.Add("spark.driver.memory", spec["driver"]["memory"]);
  file.Add("spark.driver.cores", spec["driver"]["cores"]);
  file.Add("spark.executor.memory", spec["executor"]["memory"]);
  file.Add("spark.executor.cores", spec["executor"]["cores"]);
  file.Add("spark.executor.instances", spec["executor"]["instances"]);
  file.Add("spark.kubernetes.memoryOverheadFactor", "0.1");
  for (const auto& [key, value] : spec["sparkConf"].items()) file.Add(key, value);
  return file.ConfigMap("spark-drv-0a1b-conf-map");
}

json ApacheOversized() {
  json object = Application(R"({"mainClass":"C","jars":"local:///a.jar",
      "runtimeVersions":{"sparkVersion":"4.0.0"},
      "sparkConf":{"spark.driver.memory":"10g","spark.executor.memory":"28g",
        "spark.executor.cores":"4","spark.executor.instances":"3",
        "spark.kryoserializer.buffer.max":"2048m"}})");
  object["apiVersion"] = "spark.apache.org/v1";
  return object;
}

json ApacheConfigMapOf(const json& application) {
  SettingsFile file;
  file.Add("spark.kubernetes.driver.label.spark.operator/spark-app-name",
           application["metadata"]["name"]);
  for (const auto& [key, value] : application["spec"]["sparkConf"].items()) file.Add(key, value);
  return file.ConfigMap("app-0-spark-drv-conf-map");
}

json ApachePodOf(const json& application, const char* role, const char* memory, const char* cpu) {
  json pod = PodOf(application, role, memory, cpu);
  json& labels = pod["metadata"]["labels"];
  labels.erase("sparkoperator.k8s.io/app-name");
  labels["spark.operator/spark-app-name"] = application["metadata"]["name"];
  return pod;
}

json PodOf(const json& application, const char* role, const char* memory, const char* cpu) {
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata",
           {{"name", "app-driver"},
            {"namespace", "jobs"},
            {"labels",
             {{"spark-role", role},
              {"spark-version", "4.0.0"},
              {"sparkoperator.k8s.io/app-name", application["metadata"]["name"]}}}}},
          {"spec",
           {{"containers",
             {{{"name", std::string("spark-kubernetes-") + role},
               {"args", {role, "--class", "C", "local:///a.jar"}},
               {"resources",
                {{"requests", {{"cpu", cpu}, {"memory", memory}}},
                 {"limits", {{"memory", memory}}}}}}}}}}};
}

std::string Setting(const json& config_map, const char* key) {
  const auto read =
      k8s::Properties::Parse(config_map["data"]["spark.properties"].get_ref<const std::string&>());
  return read.ok() ? std::string(read->Get(key).value_or("unset")) : "unreadable";
}

// The snapshot of this policy, with what is stored in the cluster.
Snapshot With(const char* policy, const json& stored) {
  Snapshot snapshot = SnapshotOf(policy);
  auto book = std::make_shared<ApplicationBook>();
  const auto version = stored["apiVersion"].get<std::string>();
  book->ListBegins(version);
  book->Put(version, k8s::JsonView(stored));
  book->ListEnds(version);
  snapshot.applications = book;
  return snapshot;
}

}  // namespace ballast::webhook
