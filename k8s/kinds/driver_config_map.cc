#include "k8s/kinds/driver_config_map.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "k8s/kinds/application_pods.h"
#include "k8s/kinds/pod_spec.h"
#include "k8s/patch.h"
#include "k8s/properties.h"
#include "policy/java_number.h"
#include "policy/spark_version.h"

namespace ballast::k8s {
namespace {

using policy::SparkConf;
using policy::Workload;

// As spark-submit names it: spark-drv-<hex>-conf-map.
constexpr std::string_view kPrefix = "spark-drv-";
constexpr std::string_view kSuffix = "-conf-map";
// As Apache's operator does: <application's id>-spark-drv-conf-map.
constexpr std::string_view kApacheSuffix = "-spark-drv-conf-map";
constexpr std::string_view kDriverLabel = "spark.kubernetes.driver.label.";

// A name like those of Apache's operator is one that people give, too; its own always hold both.
bool IsOne(JsonView object) {
  const std::string_view name = object["metadata"]["name"].string().value_or("");
  const JsonView data = object["data"];
  return IsDriverConfigMapName(name) &&
         (!name.ends_with(kApacheSuffix) ||
          (data["spark.properties"].string() && data["spark.kubernetes.namespace"].string()));
}

policy::Language LanguageOf(const SparkConf& conf) {
  const std::string_view type = conf.Get("spark.kubernetes.resource.type").value_or("java");
  if (type == "python") return policy::Language::kPython;
  return type == "r" ? policy::Language::kR : policy::Language::kJvm;
}

// The labels of the driver's pod, by which policies select: the ConfigMap itself has none.
policy::Labels LabelsOf(const SparkConf& conf) {
  policy::Labels labels;
  conf.ForEachWithPrefix(kDriverLabel, [&](std::string_view key, std::string_view value) {
    labels.insert_or_assign(std::string(key.substr(kDriverLabel.size())), std::string(value));
  });
  labels.insert_or_assign("spark-role", "driver");
  if (const auto id = conf.Get("spark.app.id")) {
    labels.insert_or_assign("spark-app-selector", std::string(*id));
  }
  if (const auto name = conf.Get("spark.app.name")) {
    labels.insert_or_assign("spark-app-name", AppNameLabel(*name));
  }
  return labels;
}

// An operator's own webhook changes its pods: what it lets them tolerate is not known. Then no
// taint counts, as with a template in a file.
bool PodsMayDiffer(const SparkConf& conf) {
  return conf.Has(std::string(kDriverLabel) + "sparkoperator.k8s.io/launched-by-spark-operator");
}

policy::Placement PlacementOf(const ApplicationRole& role, const SparkConf& conf,
                              Mistake& mistake) {
  policy::Placement placement = ReadRolePlacement(role, {}, {}, conf, mistake);
  if (PodsMayDiffer(conf)) {
    policy::Toleration all;
    all.op = "Exists";
    placement.tolerations.push_back(std::move(all));
  }
  return placement;
}

// Which Spark runs in the image is not said: any may.
void SetVersions(const ReadOptions& options, Workload& workload) {
  workload.version_known = false;
  workload.versions.runtime = policy::NearestKnown(options.unset_version);
  workload.versions.submit = options.operator_version
                                 ? policy::NearestKnown(*options.operator_version)
                                 : workload.versions.runtime;
}

policy::Result<Properties> ReadProperties(JsonView object) {
  const JsonView value = object.At(kSparkProperties);
  const auto text = value.string();
  if (!text) {
    return policy::Error{std::string(kSparkProperties), "must be there, a Java properties file"};
  }
  policy::Result<Properties> properties = Properties::Parse(*text);
  if (properties) return properties;
  return policy::Error{std::string(kSparkProperties),
                       properties.error().where + ": " + properties.error().what};
}

// Spark leaves out what does not begin so. Here such a key could be taken for a field that only an
// operator's kind has.
SparkConf SparkSettings(const Properties& properties) {
  const SparkConf all = properties.ToConf();
  std::vector<std::pair<std::string_view, std::string_view>> settings;
  all.ForEachWithPrefix("spark.", [&](std::string_view key, std::string_view value) {
    settings.emplace_back(key, value);
  });
  return SparkConf(std::move(settings));
}

std::string PathOf(JsonView, std::string_view) { return std::string(kSparkProperties); }

bool MayPatch(std::string_view path) {
  constexpr std::string_view kOwn = "/metadata/annotations/ballast.dev~1";
  return path == kSparkProperties || (path.size() > kOwn.size() && path.starts_with(kOwn) &&
                                      path.find('/', kOwn.size()) == std::string_view::npos);
}

constexpr std::string_view kVersions[] = {"v1"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations"};

}  // namespace

bool IsDriverConfigMapName(std::string_view name) {
  if (name.ends_with(kApacheSuffix)) return name.size() > kApacheSuffix.size();
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return false;
  if (name.size() <= kPrefix.size() + kSuffix.size()) return false;
  const std::string_view hex =
      name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
  return hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string AppNameLabel(std::string_view app_name) {
  constexpr size_t kLongest = 63;
  std::string label;
  for (const char c : policy::JavaTrim(app_name)) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    const bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (kept) {
      label += lower;
    } else if (label.empty() || label.back() != '-') {
      label += '-';
    }
  }
  label.resize(std::min(label.size(), kLongest));
  if (label.starts_with('-')) label.erase(0, 1);
  if (label.ends_with('-')) label.pop_back();
  return label;
}

policy::Result<Workload> NormaliseDriverConfigMap(JsonView object, const ReadOptions& options) {
  if (!object.is_object()) return policy::Error{"", "must be an object"};
  const policy::Result<Properties> properties = ReadProperties(object);
  if (!properties) return properties.error();
  Workload workload;
  workload.resource.api_version = object["apiVersion"].string().value_or("");
  workload.resource.kind = object["kind"].string().value_or("");
  const JsonView metadata = object["metadata"];
  workload.resource.name = metadata["name"].string().value_or("");
  if (const auto space = metadata["namespace"].string(); space && !space->empty()) {
    workload.resource.namespace_name = *space;
  }
  workload.extent = policy::Extent::kStartedDriver;
  workload.conf = SparkSettings(*properties);
  workload.language = LanguageOf(workload.conf);
  workload.labels = LabelsOf(workload.conf);
  SetVersions(options, workload);

  Mistake mistake;
  const RoleLayout driver_layout{
      .name = "driver", .member = {}, .pod_template = {}, .spark_container = {}};
  const RoleLayout executor_layout{
      .name = "executor", .member = {}, .pod_template = {}, .spark_container = {}};
  const ApplicationRole driver{driver_layout};
  const ApplicationRole executor{executor_layout};
  workload.driver_extras = ReadRoleExtras(driver, {}, workload.conf, mistake);
  workload.executor_extras = ReadRoleExtras(executor, {}, workload.conf, mistake);
  workload.driver_placement = PlacementOf(driver, workload.conf, mistake);
  workload.executor_placement = PlacementOf(executor, workload.conf, mistake);
  workload.claims_per_executor = CountClaimsPerExecutor(executor, {}, workload.conf);
  if (mistake.first()) return policy::Error{std::string(kSparkProperties), mistake.first()->what};
  return workload;
}

Patch RenderDriverConfigMap(JsonView object, const Workload& before, const Workload& after) {
  const auto changes = SparkConf::Difference(before.conf, after.conf);
  policy::Result<Properties> properties = ReadProperties(object);
  if (changes.empty() || !properties) return {};
  for (const policy::SettingChange& change : changes) {
    if (change.value) {
      properties->Set(change.key, *change.value);
    } else {
      properties->Remove(change.key);
    }
  }
  return {{"replace", std::string(kSparkProperties), properties->Print()}};
}

const Kind kDriverConfigMap = {
    .group = "",
    .versions = kVersions,
    .kind = "ConfigMap",
    .normalise = NormaliseDriverConfigMap,
    .path_of = PathOf,
    .render = RenderDriverConfigMap,
    .may_patch = MayPatch,
    .may_make = kMayMake,
    .is_one = IsOne,
    .settings_text = kSparkProperties,
};

}  // namespace ballast::k8s
