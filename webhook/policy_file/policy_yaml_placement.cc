// Selectors, labels, taints and tolerations of a policy (policy_yaml_types.h).
#include <algorithm>
#include <utility>

#include "webhook/policy_file/policy_yaml_types.h"

namespace ballast::webhook {
namespace {

using policy::Labels;
using policy::LabelSelector;
using policy::Requirement;
using policy::Taint;
using policy::Toleration;
using Operator = Requirement::Operator;

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

}  // namespace

Taint ReadTaint(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"key", "value", "effect"};
  Taint taint;
  if (!ExpectMap(node, path, "{key, value, effect}", mistakes)) return taint;
  CheckKeys(node, path, kKeys, mistakes);
  taint.key = TextOf(node, "key", path, mistakes);
  taint.value = TextOf(node, "value", path, mistakes);
  taint.effect = TextOf(node, "effect", path, mistakes);
  if (taint.key.empty()) mistakes.Add(node, std::string(path) + " has no key");
  if (!IsEffect(taint.effect)) {
    mistakes.Add(node, std::string(path) + ".effect is '" + taint.effect +
                           "'; write NoSchedule, PreferNoSchedule or NoExecute");
  }
  return taint;
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
      list != nullptr && ExpectList(*list, where + ".matchExpressions",
                                    "a list of {key, operator, values}", mistakes)) {
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

}  // namespace ballast::webhook
