// Which settings a patch of an application touches.
#include <algorithm>

#include "k8s/kinds/application.h"
#include "k8s/kinds/application_pods.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kAnnotations = "/metadata/annotations";

// Empty objects that are added to hold what other operations write say nothing.
bool OnlyMakesRoom(const PatchOperation& operation) {
  return operation.op == "add" && operation.value.is_object() && operation.value.empty();
}

// Whether dynamic allocation is by fields decides which of them count, and how many executors there
// are where nothing says it.
void AddDynamicSettings(const ApplicationLayout& layout, std::vector<std::string>& keys) {
  for (const Field& field : layout.fields()) {
    if (field.condition == Condition::kDynamicField) keys.emplace_back(field.key);
  }
  keys.emplace_back("spark.executor.instances");
}

// The member of a map that the path names; empty where it names none.
std::string_view MemberIn(std::string_view map, std::string_view path) {
  if (map.empty() || !path.starts_with(map)) return {};
  const std::string_view rest = path.substr(map.size());
  return rest.starts_with('/') ? rest.substr(1) : std::string_view();
}

// False where the path holds something else than a setting.
bool AddSettingAt(const ApplicationLayout& layout, std::string_view path,
                  std::vector<std::string>& keys) {
  if (const auto member = MemberIn(layout.conf(), path); !member.empty()) {
    keys.push_back(UnescapeToken(member));
    if (keys.back() == kMisspelledDynamic) AddDynamicSettings(layout, keys);
    return true;
  }
  if (const auto member = MemberIn(layout.hadoop_conf(), path); !member.empty()) {
    keys.push_back(layout.HadoopSetting(UnescapeToken(member)));
    return true;
  }
  const auto fields = layout.fields();
  const auto field = std::ranges::find(fields, path, &Field::pointer);
  if (field == fields.end()) return false;
  if (field->condition == Condition::kDynamicField) {
    AddDynamicSettings(layout, keys);
  } else {
    keys.emplace_back(field->key);
  }
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> SettingsTouchedInApplication(
    const ApplicationLayout& layout, const Patch& patch) {
  std::vector<std::string> keys;
  for (const PatchOperation& operation : patch) {
    // Annotations are not read.
    if (operation.path.starts_with(kAnnotations) || OnlyMakesRoom(operation)) continue;
    if (!AddSettingAt(layout, operation.path, keys)) return std::nullopt;
  }
  if (std::ranges::any_of(keys, ShapesPods)) return std::nullopt;
  return keys;
}

}  // namespace ballast::k8s
