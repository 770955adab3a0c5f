// Which settings a patch of a SparkApplication touches.
#include <algorithm>

#include "k8s/kinds/spark_application.h"
#include "k8s/kinds/spark_application_pods.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kConf = "/spec/sparkConf/";
constexpr std::string_view kHadoopConf = "/spec/hadoopConf/";
constexpr std::string_view kHadoopPrefix = "spark.hadoop.";
constexpr std::string_view kAnnotations = "/metadata/annotations";

// Empty objects that are added to hold what other operations write say nothing.
bool OnlyMakesRoom(const PatchOperation& operation) {
  return operation.op == "add" && operation.value.is_object() && operation.value.empty();
}

// Whether dynamic allocation is by fields decides which of them count, and how many executors there
// are where nothing says it.
void AddDynamicSettings(std::vector<std::string>& keys) {
  for (const Field& field : SparkApplicationFields()) {
    if (field.condition == Condition::kDynamicField) keys.emplace_back(field.key);
  }
  keys.emplace_back("spark.executor.instances");
}

// False where the path holds something else than a setting.
bool AddSettingAt(std::string_view path, std::vector<std::string>& keys) {
  if (path.starts_with(kConf)) {
    keys.push_back(UnescapeToken(path.substr(kConf.size())));
    if (keys.back() == kMisspelledDynamic) AddDynamicSettings(keys);
    return true;
  }
  if (path.starts_with(kHadoopConf)) {
    keys.push_back(std::string(kHadoopPrefix) + UnescapeToken(path.substr(kHadoopConf.size())));
    return true;
  }
  const auto fields = SparkApplicationFields();
  const auto field = std::ranges::find(fields, path, &Field::pointer);
  if (field == fields.end()) return false;
  if (field->condition == Condition::kDynamicField) {
    AddDynamicSettings(keys);
  } else {
    keys.emplace_back(field->key);
  }
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> SettingsTouchedInSparkApplication(const Patch& patch) {
  std::vector<std::string> keys;
  for (const PatchOperation& operation : patch) {
    // Annotations are not read.
    if (operation.path.starts_with(kAnnotations) || OnlyMakesRoom(operation)) continue;
    if (!AddSettingAt(operation.path, keys)) return std::nullopt;
  }
  if (std::ranges::any_of(keys, ShapesPods)) return std::nullopt;
  return keys;
}

}  // namespace ballast::k8s
