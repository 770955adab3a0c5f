#include "webhook/policy_yaml_types.h"

#include <algorithm>
#include <utility>

#include "policy/policy_values.h"
#include "policy/quantity.h"
#include "policy/rule_defaults.h"

namespace ballast::webhook {
namespace {

using policy::ByteSize;
using policy::Error;
using policy::Labels;
using policy::LabelSelector;
using policy::MilliCpu;
using policy::NodeClass;
using policy::Requirement;
using policy::Result;
using policy::Taint;
using policy::Toleration;
using Operator = Requirement::Operator;

std::string Item(std::string_view path, size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

// The text under a key, or empty where the key is not there (or has a mistake).
std::string TextOf(const YamlNode& map, std::string_view key, std::string_view path,
                   Mistakes& mistakes) {
  const YamlNode* node = map.Find(key);
  if (node == nullptr) return "";
  const std::string* text = ScalarText(*node, Join(path, key), "a text", mistakes);
  return text != nullptr ? *text : "";
}

// As a codec reads it; `fallback` where the key is not there or has a mistake.
template <typename T, typename Read>
T ValueOf(const YamlNode& map, std::string_view key, std::string_view path, std::string_view takes,
          Read read, T fallback, Mistakes& mistakes) {
  const YamlNode* node = map.Find(key);
  if (node == nullptr) return fallback;
  const std::string value_path = Join(path, key);
  const std::string* text = ScalarText(*node, value_path, takes, mistakes);
  if (text == nullptr) return fallback;
  const Result<T> value = read(*text);
  if (value.ok()) return *value;
  mistakes.Add(*node, value_path, value.error());
  return fallback;
}

// What is taken away or added may be nothing.
Result<ByteSize> ReadSomeMemory(std::string_view text) {
  const Result<ByteSize> zero = policy::ParseMemoryQuantity(text);
  if (zero.ok() && zero->bytes() == 0) return ByteSize();
  return policy::ReadMemory(text);
}

Result<MilliCpu> ReadSomeCpu(std::string_view text) {
  const Result<MilliCpu> zero = policy::ParseCpuQuantity(text);
  if (zero.ok() && zero->millis() == 0) return MilliCpu();
  return policy::ReadCpu(text);
}

Result<double> ReadPercent(std::string_view text) {
  return policy::ReadNumber(text.ends_with('%') ? text.substr(0, text.size() - 1) : text, 100);
}

Result<int64_t> ReadThings(std::string_view text) {
  constexpr int64_t kMost = 1'000'000'000;
  return policy::ReadWhole(text, 0, kMost);
}

bool IsEffect(std::string_view effect) {
  return effect == "NoSchedule" || effect == "PreferNoSchedule" || effect == "NoExecute";
}

// One of matchExpressions.
void ReadExpression(const YamlNode& node, const std::string& path, LabelSelector& selector,
                    Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"key", "operator", "values"};
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"In", Operator::kIn},
      {"NotIn", Operator::kNotIn},
      {"Exists", Operator::kExists},
      {"DoesNotExist", Operator::kDoesNotExist}};
  if (!ExpectMap(node, path, "{key, operator, values}", mistakes)) return;
  CheckKeys(node, path, kKeys, mistakes);
  Requirement requirement;
  requirement.key = TextOf(node, "key", path, mistakes);
  if (requirement.key.empty()) mistakes.Add(node, path + " has no key");
  const std::string name = TextOf(node, "operator", path, mistakes);
  const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                   [&](const auto& known) { return known.first == name; });
  if (found == std::end(kOperators)) {
    const YamlNode* at = node.Find("operator");
    mistakes.Add(at != nullptr ? *at : node,
                 path + ".operator is '" + name + "'; write In, NotIn, Exists or DoesNotExist");
    return;
  }
  requirement.op = found->second;
  if (const YamlNode* values = node.Find("values")) {
    requirement.values = ReadTexts(*values, path + ".values", "a list of texts", mistakes);
  }
  const bool wants_values = requirement.op == Operator::kIn || requirement.op == Operator::kNotIn;
  if (wants_values && requirement.values.empty()) {
    mistakes.Add(node, path + ": " + name + " needs values");
  } else if (!wants_values && !requirement.values.empty()) {
    mistakes.Add(node, path + ": " + name + " takes no values");
  }
  selector.requirements.push_back(std::move(requirement));
}

Taint ReadTaint(const YamlNode& node, const std::string& path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"key", "value", "effect"};
  Taint taint;
  if (!ExpectMap(node, path, "{key, value, effect}", mistakes)) return taint;
  CheckKeys(node, path, kKeys, mistakes);
  taint.key = TextOf(node, "key", path, mistakes);
  taint.value = TextOf(node, "value", path, mistakes);
  taint.effect = TextOf(node, "effect", path, mistakes);
  if (taint.key.empty()) mistakes.Add(node, path + " has no key");
  if (!IsEffect(taint.effect)) {
    mistakes.Add(node, path + ".effect is '" + taint.effect +
                           "'; write NoSchedule, PreferNoSchedule or NoExecute");
  }
  return taint;
}

void ReadAllocatable(const YamlNode& node, const std::string& path, policy::Resources& room,
                     Mistakes& mistakes) {
  if (!ExpectMap(node, path, "{cpu, memory, pods}", mistakes)) return;
  CheckKeysOnce(node, path, mistakes);
  for (const std::string_view needed : {"cpu", "memory"}) {
    if (node.Find(needed) == nullptr) {
      mistakes.Add(node, path + " has no " + std::string(needed) + "; write cpu and memory");
    }
  }
  room.cpu = ValueOf(node, "cpu", path, "cores: 16", policy::ReadCpu, MilliCpu(), mistakes);
  room.memory =
      ValueOf(node, "memory", path, "memory: 64Gi", policy::ReadMemory, ByteSize(), mistakes);
  room.pods = ValueOf(node, "pods", path, "a number", ReadThings, room.pods, mistakes);
  for (const YamlNode& key : node.keys) {
    const std::string& name = key.text;
    if (name == "cpu" || name == "memory" || name == "pods") continue;
    // What Spark's pods never ask for by themselves may stand here and does not count.
    if (name == "ephemeral-storage" || name.starts_with("hugepages-")) continue;
    if (name.find('/') == std::string::npos) {
      static constexpr std::string_view kKnown[] = {"cpu", "memory", "pods", "vendor/resource"};
      mistakes.Add(key, path + "." + name + " is not known" + Suggestion(name, kKnown));
      continue;
    }
    room.extended[name] = ValueOf(node, name, path, "a number", ReadThings, int64_t{0}, mistakes);
  }
}

NodeClass ReadNodePool(const YamlNode& node, const std::string& path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"name", "count", "allocatable", "labels", "taints"};
  NodeClass pool;
  pool.declared = true;
  if (!ExpectMap(node, path, "{name, count, allocatable, labels, taints}", mistakes)) return pool;
  CheckKeys(node, path, kKeys, mistakes);
  for (const std::string_view needed : {"name", "count", "allocatable"}) {
    if (node.Find(needed) == nullptr) mistakes.Add(node, path + " has no " + std::string(needed));
  }
  pool.name = TextOf(node, "name", path, mistakes);
  pool.count = ValueOf(
      node, "count", path, "a number of nodes",
      [](std::string_view text) { return policy::ReadWhole(text, 1, 1'000'000); }, int64_t{1},
      mistakes);
  pool.ready = pool.count;
  if (const YamlNode* room = node.Find("allocatable")) {
    ReadAllocatable(*room, path + ".allocatable", pool.allocatable, mistakes);
  }
  if (const YamlNode* labels = node.Find("labels")) {
    pool.labels = ReadLabels(*labels, path + ".labels", mistakes);
  }
  if (const YamlNode* taints = node.Find("taints");
      taints != nullptr && ExpectList(*taints, path + ".taints", "a list of taints", mistakes)) {
    for (size_t i = 0; i < taints->values.size(); ++i) {
      pool.taints.push_back(ReadTaint(taints->values[i], Item(path + ".taints", i), mistakes));
    }
  }
  return pool;
}

std::vector<std::string_view> RuleIds(bool liftable_only) {
  std::vector<std::string_view> ids;
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
    if (!liftable_only || !rule.fact) ids.push_back(rule.id);
  }
  return ids;
}

}  // namespace

std::vector<std::string> ReadTexts(const YamlNode& node, std::string_view path,
                                   std::string_view takes, Mistakes& mistakes) {
  std::vector<std::string> texts;
  if (!ExpectList(node, path, takes, mistakes)) return texts;
  for (size_t i = 0; i < node.values.size(); ++i) {
    const std::string* text = ScalarText(node.values[i], Item(path, i), "a text", mistakes);
    if (text != nullptr) texts.push_back(*text);
  }
  return texts;
}

LabelSelector ReadSelector(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"matchLabels", "matchExpressions"};
  LabelSelector selector;
  const std::string where(path);
  if (!ExpectMap(node, path, "{matchLabels, matchExpressions}", mistakes)) return selector;
  CheckKeys(node, path, kKeys, mistakes);
  if (const YamlNode* labels = node.Find("matchLabels");
      labels != nullptr && ExpectMap(*labels, where + ".matchLabels", "labels", mistakes)) {
    CheckKeysOnce(*labels, where + ".matchLabels", mistakes);
    for (size_t i = 0; i < labels->keys.size(); ++i) {
      const std::string& key = labels->keys[i].text;
      const std::string* value =
          ScalarText(labels->values[i], where + ".matchLabels." + key, "a text", mistakes);
      if (value != nullptr) selector.requirements.push_back({key, Operator::kIn, {*value}});
    }
  }
  if (const YamlNode* list = node.Find("matchExpressions");
      list != nullptr &&
      ExpectList(*list, where + ".matchExpressions", "a list of {key, operator, values}",
                 mistakes)) {
    for (size_t i = 0; i < list->values.size(); ++i) {
      ReadExpression(list->values[i], Item(where + ".matchExpressions", i), selector, mistakes);
    }
  }
  return selector;
}

Labels ReadLabels(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  Labels labels;
  if (!ExpectMap(node, path, "labels: {key: value}", mistakes)) return labels;
  CheckKeysOnce(node, path, mistakes);
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const std::string* value =
        ScalarText(node.values[i], Join(path, node.keys[i].text), "a text", mistakes);
    if (value != nullptr) labels.emplace(node.keys[i].text, *value);
  }
  return labels;
}

std::vector<Toleration> ReadTolerations(const YamlNode& node, std::string_view path,
                                        Mistakes& mistakes) {
  // tolerationSeconds is known to Kubernetes and says nothing about where a pod may start.
  static constexpr std::string_view kKeys[] = {"key", "operator", "value", "effect",
                                               "tolerationSeconds"};
  std::vector<Toleration> tolerations;
  if (!ExpectList(node, path, "a list of tolerations", mistakes)) return tolerations;
  for (size_t i = 0; i < node.values.size(); ++i) {
    const YamlNode& one = node.values[i];
    const std::string where = Item(path, i);
    if (!ExpectMap(one, where, "{key, operator, value, effect}", mistakes)) continue;
    CheckKeys(one, where, kKeys, mistakes);
    Toleration toleration;
    toleration.key = TextOf(one, "key", where, mistakes);
    if (one.Find("operator") != nullptr) toleration.op = TextOf(one, "operator", where, mistakes);
    toleration.value = TextOf(one, "value", where, mistakes);
    toleration.effect = TextOf(one, "effect", where, mistakes);
    if (toleration.op != "Equal" && toleration.op != "Exists") {
      mistakes.Add(one, where + ".operator is '" + toleration.op + "'; write Equal or Exists");
    } else if (toleration.op == "Exists" && !toleration.value.empty()) {
      mistakes.Add(one, where + ": Exists takes no value");
    } else if (toleration.op == "Equal" && toleration.key.empty()) {
      mistakes.Add(one, where + " has no key; only operator Exists tolerates everything");
    }
    if (!toleration.effect.empty() && !IsEffect(toleration.effect)) {
      mistakes.Add(one, where + ".effect is '" + toleration.effect +
                            "'; write NoSchedule, PreferNoSchedule or NoExecute");
    }
    tolerations.push_back(std::move(toleration));
  }
  return tolerations;
}

policy::PodExtras ReadSidecars(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"memory", "cpu"};
  policy::PodExtras extras;
  if (!ExpectMap(node, path, "{memory, cpu}", mistakes)) return extras;
  CheckKeys(node, path, kKeys, mistakes);
  extras.sidecar_memory =
      ValueOf(node, "memory", path, "memory: 512Mi", ReadSomeMemory, ByteSize(), mistakes);
  extras.sidecar_cpu = ValueOf(node, "cpu", path, "cores: 100m", ReadSomeCpu, MilliCpu(), mistakes);
  return extras;
}

policy::Reserve ReadReserve(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"cpu", "memory", "percent"};
  policy::Reserve reserve;
  if (!ExpectMap(node, path, "{cpu, memory, percent}", mistakes)) return reserve;
  CheckKeys(node, path, kKeys, mistakes);
  reserve.cpu = ValueOf(node, "cpu", path, "cores: 500m", ReadSomeCpu, MilliCpu(), mistakes);
  reserve.memory =
      ValueOf(node, "memory", path, "memory: 1Gi", ReadSomeMemory, ByteSize(), mistakes);
  reserve.percent =
      ValueOf(node, "percent", path, "a percentage: 5", ReadPercent, 0.0, mistakes);
  return reserve;
}

std::vector<NodeClass> ReadNodePools(const YamlNode& node, std::string_view path,
                                     Mistakes& mistakes) {
  std::vector<NodeClass> pools;
  if (!ExpectList(node, path, "a list of pools", mistakes)) return pools;
  for (size_t i = 0; i < node.values.size(); ++i) {
    NodeClass pool = ReadNodePool(node.values[i], Item(path, i), mistakes);
    const bool twice = std::any_of(pools.begin(), pools.end(), [&](const NodeClass& other) {
      return !pool.name.empty() && other.name == pool.name;
    });
    if (twice) mistakes.Add(node.values[i], Item(path, i) + " is a second pool '" + pool.name + "'");
    pools.push_back(std::move(pool));
  }
  return pools;
}

std::vector<std::string> ReadLiftableRules(const YamlNode& node, std::string_view path,
                                           Mistakes& mistakes) {
  std::vector<std::string> ids;
  if (!ExpectList(node, path, "a list of rules", mistakes)) return ids;
  for (size_t i = 0; i < node.values.size(); ++i) {
    const YamlNode& one = node.values[i];
    const std::string* id = ScalarText(one, Item(path, i), "the id of a rule", mistakes);
    if (id == nullptr) continue;
    const policy::RuleDefault* rule = policy::FindRuleDefault(*id);
    if (rule == nullptr) {
      mistakes.Add(one, Item(path, i) + ": there is no rule '" + *id + "'" +
                            Suggestion(*id, RuleIds(true)));
    } else if (rule->fact) {
      mistakes.Add(one, Item(path, i) + ": rule '" + *id +
                            "' states a fact, which no exception can lift: the job would not run");
    } else if (std::find(ids.begin(), ids.end(), *id) != ids.end()) {
      mistakes.Add(one, Item(path, i) + ": rule '" + *id + "' is listed twice");
    } else {
      ids.push_back(*id);
    }
  }
  return ids;
}

std::map<std::string, policy::Mode, std::less<>> ReadRuleModes(const YamlNode& node,
                                                               std::string_view path,
                                                               Mistakes& mistakes) {
  std::map<std::string, policy::Mode, std::less<>> modes;
  if (!ExpectMap(node, path, "{rule: mode}", mistakes)) return modes;
  CheckKeysOnce(node, path, mistakes);
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& id = node.keys[i].text;
    const std::string where = Join(path, id);
    if (policy::FindRuleDefault(id) == nullptr) {
      mistakes.Add(node.keys[i],
                   where + ": there is no such rule" + Suggestion(id, RuleIds(false)));
      continue;
    }
    const YamlNode& value = node.values[i];
    const std::string* text = ScalarText(value, where, "Enforce, Warn or Off", mistakes);
    if (text == nullptr) continue;
    // kubectl reads a bare Off as YAML 1.1 does and sends false.
    const bool off = !value.quoted && *text == "false";
    const Result<policy::Mode> mode = off ? policy::Mode::kOff : policy::ReadMode(*text);
    if (mode.ok()) {
      modes.emplace(id, *mode);
    } else {
      mistakes.Add(value, where, mode.error());
    }
  }
  return modes;
}

}  // namespace ballast::webhook
