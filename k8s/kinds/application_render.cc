#include <algorithm>
#include <optional>
#include <utility>

#include "k8s/kinds/application.h"
#include "k8s/kinds/shell_word.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kDynamicEnabled = "spark.dynamicAllocation.enabled";

std::string Member(std::string_view map, std::string_view key) {
  std::string pointer(map);
  AppendToken(pointer, key);
  return pointer;
}

bool Written(JsonView value) { return value.exists() && !value.is_null(); }

std::string DynamicEnabledField(const ApplicationLayout& layout) {
  return layout.dynamic() + "/enabled";
}

bool DynamicByField(const ApplicationLayout& layout, JsonView object) {
  if (layout.dynamic().empty()) return false;
  return object.At(DynamicEnabledField(layout)).boolean().value_or(false);
}

// The field of the table that holds this setting and counts in this object.
const Field* FieldInForce(const ApplicationLayout& layout, JsonView object, std::string_view key) {
  for (const Field& field : layout.fields()) {
    if (field.key != key) continue;
    const bool counts =
        field.condition != Condition::kDynamicField || DynamicByField(layout, object);
    return counts ? &field : nullptr;
  }
  return nullptr;
}

bool HasSparkKey(std::string_view key) { return key.starts_with("spark."); }

// The member of hadoopConf that holds this setting; empty where none does.
std::string HadoopPointer(const ApplicationLayout& layout, JsonView object, std::string_view key) {
  if (layout.hadoop_conf().empty() || !key.starts_with(kHadoopPrefix)) return {};
  for (const std::string_view member : {key.substr(kHadoopPrefix.size()), key}) {
    std::string pointer = Member(layout.hadoop_conf(), member);
    if (layout.HadoopSetting(member) == key && Written(object.At(pointer))) return pointer;
  }
  return {};
}

// Where the setting is written now or would be: a field (then `field` is set) or a member of a map.
struct Place {
  const Field* field = nullptr;
  std::string pointer;
};

Place PlaceOf(const ApplicationLayout& layout, JsonView object, std::string_view key) {
  const std::string& conf = layout.conf();
  if (std::string hadoop = HadoopPointer(layout, object, key); !hadoop.empty()) {
    return {nullptr, std::move(hadoop)};
  }
  const Field* field = FieldInForce(layout, object, key);
  if (field == nullptr) return {nullptr, Member(conf, key)};
  Place in_field{field, std::string(field->pointer)};
  if (!HasSparkKey(key)) return in_field;
  const JsonView in_conf = object.At(conf)[key];
  if (!Written(in_conf)) return in_field;
  const bool may_hold_agent = !field->agent_flag.empty();
  const bool field_rules =
      (may_hold_agent && HoldsAgent(*field, object.At(layout.spec())["monitoring"])) ||
      (field->condition == Condition::kDynamicField &&
       (!field->otherwise.empty() || Written(object.At(field->pointer))));
  // An empty number of executors does not count: the operator writes one.
  const bool empty = key == "spark.executor.instances" && in_conf.string() == "";
  if (field_rules || empty || (!field->conf_wins && Written(object.At(field->pointer)))) {
    return in_field;
  }
  return {nullptr, Member(conf, key)};
}

// A setting's value as a map holds it.
std::string InMap(const ApplicationLayout& layout, std::string_view value) {
  return layout.parts().through_shell ? QuoteForShell(value) : std::string(value);
}

void Write(const ApplicationLayout& layout, JsonView object, std::string_view key,
           std::string_view value, PatchWriter& out) {
  const Place place = PlaceOf(layout, object, key);
  if (place.field == nullptr) {
    out.Put(place.pointer, InMap(layout, value));
    return;
  }
  // The operator leaves an empty memoryOverheadFactor out.
  const bool lost = place.field->conf_wins && value.empty();
  const auto spelled = PrintField(*place.field, value);
  if (spelled && !lost) {
    out.Put(place.pointer, *spelled);
    return;
  }
  // The field cannot carry this text ("1500m" in a whole number), so it gives way to sparkConf.
  out.Remove(place.pointer);
  out.Put(Member(layout.conf(), key), InMap(layout, value));
}

// Takes the setting away from every place that counts, or another one would come into force.
void Erase(const ApplicationLayout& layout, JsonView object, std::string_view key,
           PatchWriter& out) {
  if (const Field* field = FieldInForce(layout, object, key)) out.Remove(field->pointer);
  if (const std::string hadoop = HadoopPointer(layout, object, key); !hadoop.empty()) {
    out.Remove(hadoop);
  }
  if (HasSparkKey(key)) out.Remove(Member(layout.conf(), key));
}

// Dynamic allocation by field is switched off: what its fields said and still holds goes to
// sparkConf.
void LeaveDynamicField(const ApplicationLayout& layout, JsonView object,
                       const policy::SparkConf& after, PatchWriter& out) {
  out.Put(DynamicEnabledField(layout), false);
  for (const Field& field : layout.fields()) {
    if (field.condition != Condition::kDynamicField) continue;
    const std::string pointer = Member(layout.conf(), field.key);
    const auto value = after.Get(field.key);
    if (!value) {
      out.Remove(pointer);
    } else if (object.At(pointer).string() != *value) {
      out.Put(pointer, InMap(layout, *value));
    }
  }
}

bool IsDynamicKey(const ApplicationLayout& layout, std::string_view key) {
  return std::ranges::any_of(layout.fields(), [&](const Field& field) {
    return field.condition == Condition::kDynamicField && field.key == key;
  });
}

}  // namespace

std::string PathInApplication(const ApplicationLayout& layout, JsonView object,
                              std::string_view key) {
  return PlaceOf(layout, object, key).pointer;
}

Patch RenderApplication(const ApplicationLayout& layout, JsonView object,
                        const policy::Workload& before, const policy::Workload& after) {
  PatchWriter out(object);
  const auto changes = policy::SparkConf::Difference(before.conf, after.conf);
  if (changes.empty()) return {};
  const bool leave_field =
      DynamicByField(layout, object) && after.conf.Get(kDynamicEnabled) != "true";
  if (leave_field) LeaveDynamicField(layout, object, after.conf, out);
  for (const policy::SettingChange& change : changes) {
    if (leave_field && IsDynamicKey(layout, change.key)) continue;
    if (change.value) {
      Write(layout, object, change.key, *change.value, out);
    } else {
      Erase(layout, object, change.key, out);
    }
  }
  return std::move(out).Take();
}

bool MayPatchApplication(const ApplicationLayout& layout, std::string_view path) {
  for (const Field& field : layout.fields()) {
    if (field.pointer == path) return true;
  }
  // A member of that map, and nothing deeper.
  const auto member_of = [&](std::string_view map, std::string_view prefix) {
    if (map.empty() || !path.starts_with(map)) return false;
    const std::string_view rest = path.substr(map.size());
    return rest.size() > prefix.size() && rest.starts_with(prefix) &&
           rest.find('/', prefix.size()) == std::string_view::npos;
  };
  return member_of(layout.conf(), "/spark.") || member_of(layout.hadoop_conf(), "/") ||
         member_of("/metadata/annotations", "/ballast.dev~1");
}

}  // namespace ballast::k8s
