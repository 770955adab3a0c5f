#include <algorithm>
#include <optional>
#include <utility>

#include "k8s/kinds/spark_application.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kConf = "/spec/sparkConf";
constexpr std::string_view kHadoopConf = "/spec/hadoopConf";
constexpr std::string_view kHadoopPrefix = "spark.hadoop.";
constexpr std::string_view kDynamicEnabled = "spark.dynamicAllocation.enabled";
constexpr std::string_view kDynamicEnabledField = "/spec/dynamicAllocation/enabled";

std::string Member(std::string_view map, std::string_view key) {
  std::string pointer(map);
  AppendToken(pointer, key);
  return pointer;
}

bool Written(JsonView value) { return value.exists() && !value.is_null(); }

bool DynamicByField(JsonView object) {
  return object.At(kDynamicEnabledField).boolean().value_or(false);
}

// The field of the table that holds this setting and counts in this object.
const Field* FieldInForce(JsonView object, std::string_view key) {
  for (const Field& field : SparkApplicationFields()) {
    if (field.key != key) continue;
    if (field.condition == Condition::kDynamicField && !DynamicByField(object)) return nullptr;
    return &field;
  }
  return nullptr;
}

bool HasSparkKey(std::string_view key) { return key.starts_with("spark."); }

// The member of hadoopConf that holds this setting; empty where none does.
std::string HadoopPointer(JsonView object, std::string_view key) {
  if (!key.starts_with(kHadoopPrefix)) return {};
  std::string pointer = Member(kHadoopConf, key.substr(kHadoopPrefix.size()));
  return Written(object.At(pointer)) ? pointer : std::string();
}

// Where the setting is written now or would be: a field (then `field` is set) or a member of a map.
struct Place {
  const Field* field = nullptr;
  std::string pointer;
};

Place PlaceOf(JsonView object, std::string_view key) {
  if (std::string hadoop = HadoopPointer(object, key); !hadoop.empty()) {
    return {nullptr, std::move(hadoop)};
  }
  const Field* field = FieldInForce(object, key);
  if (field == nullptr) return {nullptr, Member(kConf, key)};
  Place in_field{field, std::string(field->pointer)};
  if (!HasSparkKey(key)) return in_field;
  const JsonView in_conf = object.At(kConf)[key];
  if (!Written(in_conf)) return in_field;
  const bool field_rules = field->condition == Condition::kDynamicField &&
                           (!field->otherwise.empty() || Written(object.At(field->pointer)));
  // An empty number of executors does not count: the operator writes one.
  const bool empty = key == "spark.executor.instances" && in_conf.string() == "";
  if (field_rules || empty || (!field->conf_wins && Written(object.At(field->pointer)))) {
    return in_field;
  }
  return {nullptr, Member(kConf, key)};
}

void Write(JsonView object, std::string_view key, std::string_view value, PatchWriter& out) {
  const Place place = PlaceOf(object, key);
  if (place.field == nullptr) {
    out.Put(place.pointer, std::string(value));
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
  out.Put(Member(kConf, key), std::string(value));
}

// Takes the setting away from every place that counts, or another one would come into force.
void Erase(JsonView object, std::string_view key, PatchWriter& out) {
  if (const Field* field = FieldInForce(object, key)) out.Remove(field->pointer);
  if (const std::string hadoop = HadoopPointer(object, key); !hadoop.empty()) out.Remove(hadoop);
  if (HasSparkKey(key)) out.Remove(Member(kConf, key));
}

// Dynamic allocation by field is switched off: what its fields said and still holds goes to
// sparkConf.
void LeaveDynamicField(JsonView object, const policy::SparkConf& after, PatchWriter& out) {
  out.Put(kDynamicEnabledField, false);
  for (const Field& field : SparkApplicationFields()) {
    if (field.condition != Condition::kDynamicField) continue;
    const std::string pointer = Member(kConf, field.key);
    const auto value = after.Get(field.key);
    if (!value) {
      out.Remove(pointer);
    } else if (object.At(pointer).string() != *value) {
      out.Put(pointer, std::string(*value));
    }
  }
}

bool IsDynamicKey(std::string_view key) {
  return std::ranges::any_of(SparkApplicationFields(), [&](const Field& field) {
    return field.condition == Condition::kDynamicField && field.key == key;
  });
}

}  // namespace

std::string PathInSparkApplication(JsonView object, std::string_view key) {
  return PlaceOf(object, key).pointer;
}

Patch RenderSparkApplication(JsonView object, const policy::Workload& before,
                             const policy::Workload& after) {
  PatchWriter out(object);
  const auto changes = policy::SparkConf::Difference(before.conf, after.conf);
  if (changes.empty()) return {};
  const bool leave_field = DynamicByField(object) && after.conf.Get(kDynamicEnabled) != "true";
  if (leave_field) LeaveDynamicField(object, after.conf, out);
  for (const policy::SettingChange& change : changes) {
    if (leave_field && IsDynamicKey(change.key)) continue;
    if (change.value) {
      Write(object, change.key, *change.value, out);
    } else {
      Erase(object, change.key, out);
    }
  }
  return std::move(out).Take();
}

bool MayPatchSparkApplication(std::string_view path) {
  for (const Field& field : SparkApplicationFields()) {
    if (field.pointer == path) return true;
  }
  for (const std::string_view prefix :
       {"/spec/sparkConf/spark.", "/spec/hadoopConf/", "/metadata/annotations/ballast.dev~1"}) {
    if (path.size() > prefix.size() && path.starts_with(prefix)) {
      return path.find('/', prefix.size()) == std::string_view::npos;
    }
  }
  return false;
}

}  // namespace ballast::k8s
