#include "webhook/policy_file/policy_yaml_spec.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "policy/policy_fields.h"
#include "policy/policy_values.h"
#include "webhook/policy_file/policy_yaml_types.h"

namespace ballast::webhook {
namespace {

using policy::Access;
using policy::Policy;
using policy::PolicyField;

// Where each field is written, for what is said about two of them.
using Places = std::map<std::string_view, const YamlNode*>;

// The keys that may stand in the map at this path: "min" and "max" in "limits.executor.heap".
std::vector<std::string_view> KeysAt(std::string_view path) {
  std::vector<std::string_view> keys;
  for (const PolicyField& field : policy::PolicyFields()) {
    std::string_view rest = field.path;
    if (!path.empty()) {
      if (!rest.starts_with(path) || rest.size() == path.size() || rest[path.size()] != '.') {
        continue;
      }
      rest.remove_prefix(path.size() + 1);
    }
    const std::string_view key = rest.substr(0, rest.find('.'));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

std::string Listed(const std::vector<std::string_view>& keys) {
  std::string listed = "a map {";
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) listed += ", ";
    listed += keys[i];
  }
  return listed + "}";
}

// What a map or a list becomes, by the type of its place in the policy.
template <typename T>
T ReadPart(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  if constexpr (std::is_same_v<T, policy::LabelSelector>) {
    return ReadSelector(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, policy::Labels>) {
    return ReadLabels(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, std::vector<policy::Toleration>>) {
    return ReadTolerations(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, policy::PodExtras>) {
    return ReadSidecars(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, policy::Reserve>) {
    return ReadReserve(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, std::vector<policy::NodeClass>>) {
    return ReadNodePools(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return ReadLiftableRules(node, path, mistakes);
  } else if constexpr (std::is_same_v<T, std::map<std::string, policy::Mode, std::less<>>>) {
    return ReadRuleModes(node, path, mistakes);
  } else {
    static_assert(std::is_same_v<T, std::map<std::string, policy::SettingRule, std::less<>>>);
    return ReadSettings(node, path, mistakes);
  }
}

template <typename T>
struct Unwrapped {
  using Type = T;
};
template <typename T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
};

template <typename T>
inline constexpr bool kIsPart =
    !std::is_arithmetic_v<T> && !std::is_enum_v<T> && !std::is_same_v<T, policy::ByteSize> &&
    !std::is_same_v<T, policy::MilliCpu>;

void ReadPartField(const PolicyField& field, const YamlNode& node, Policy& policy,
                   Mistakes& mistakes) {
  std::visit(
      [&]<typename Place>(const Access<Place>& access) {
        using T = typename Unwrapped<Place>::Type;
        if constexpr (kIsPart<T>) {
          access.of(policy) = ReadPart<T>(node, field.path, mistakes);
        }
      },
      field.access);
}

void ReadOneField(const PolicyField& field, const YamlNode& node, Policy& policy,
                  Mistakes& mistakes) {
  if (policy::IsScalar(field.type)) {
    const std::string* text = ScalarText(node, field.path, policy::Describe(field.type), mistakes);
    if (text == nullptr) return;
    const policy::Result<bool> done = policy::ReadField(field, *text, policy);
    if (!done.ok()) mistakes.Add(node, field.path, done.error());
    return;
  }
  // A part that is left empty is left out. Only {} says "all" or "none at all".
  if (node.kind != YamlNode::Kind::kNull) ReadPartField(field, node, policy, mistakes);
}

// Recursion ends with the table: no path has more than five parts.
void ReadMap(const YamlNode& map, const std::string& path, Policy& policy, Places& places,
             Mistakes& mistakes) {
  const std::vector<std::string_view> known = KeysAt(path);
  if (!ExpectMap(map, path.empty() ? "spec" : path, Listed(known), mistakes)) return;
  CheckKeys(map, path, known, mistakes);
  for (size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].kind != YamlNode::Kind::kScalar) continue;
    if (std::find(known.begin(), known.end(), map.keys[i].text) == known.end()) continue;
    const std::string below = Join(path, map.keys[i].text);
    if (const PolicyField* field = policy::FindPolicyField(below)) {
      places.emplace(field->path, &map.values[i]);
      ReadOneField(*field, map.values[i], policy, mistakes);
    } else {
      ReadMap(map.values[i], below, policy, places, mistakes);
    }
  }
}

// Whether both say something and the first is above the second.
bool IsAbove(const PolicyField& min, const PolicyField& max, const Policy& policy) {
  return std::visit(
      [&]<typename Place>(const Access<Place>& access) {
        using T = typename Unwrapped<Place>::Type;
        if constexpr (!kIsPart<T> && !std::is_same_v<Place, T>) {
          const Place& low = access.in(policy);
          const Place& high = std::get<Access<Place>>(max.access).in(policy);
          return low && high && *low > *high;
        }
        return false;
      },
      min.access);
}

void CheckRanges(const Policy& policy, const Places& places, Mistakes& mistakes) {
  constexpr std::string_view kMin = ".min";
  for (const auto& [path, node] : places) {
    if (!path.ends_with(kMin)) continue;
    const std::string range(path.substr(0, path.size() - kMin.size()));
    const PolicyField& min = *policy::FindPolicyField(path);
    const PolicyField* max = policy::FindPolicyField(range + ".max");
    if (max == nullptr || !IsAbove(min, *max, policy)) continue;
    mistakes.Add(*node, std::string(path) + " (" + *policy::PrintField(min, policy) +
                            ") is above max (" + *policy::PrintField(*max, policy) + ")");
  }
}

}  // namespace

void ReadPolicySpec(const YamlNode& spec, Policy& policy, Mistakes& mistakes) {
  Places places;
  ReadMap(spec, "", policy, places, mistakes);
  CheckRanges(policy, places, mistakes);
}

}  // namespace ballast::webhook
