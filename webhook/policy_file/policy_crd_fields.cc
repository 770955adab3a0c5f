// The schemas of `spec` (policy_crd.h).
#include <algorithm>
#include <string_view>
#include <utility>

#include "policy/policy_fields.h"
#include "policy/policy_values.h"
#include "policy/rule_defaults.h"
#include "webhook/policy_file/policy_crd.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::FieldType;
using policy::PolicyField;

constexpr int kMostInt = 2147483647;

// What is longer is no label, name or size. The API server bounds the cost of CEL by these.
constexpr int kLongestValue = 32;
constexpr int kLongestName = 253;
constexpr int kLongestText = 1024;

json Text(int longest, std::string_view description = "") {
  json schema = {{"type", "string"}, {"maxLength", longest}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}

json Choice(std::vector<std::string_view> choices) {
  return {{"type", "string"}, {"enum", std::move(choices)}};
}

// A quantity, which YAML may read as a number: 4, "500m".
json IntOrString() {
  return {{"x-kubernetes-int-or-string", true},
          {"maxLength", kLongestValue},
          {"anyOf", json::array({{{"type", "integer"}}, {{"type", "string"}}})}};
}

// Any single value: a text, a number, true or false. Structural schemas have no word for it, so
// Ballast alone refuses a map or a list here.
json AnyScalar() { return {{"x-kubernetes-preserve-unknown-fields", true}}; }

json Map(json value, int most) {
  return {{"type", "object"}, {"maxProperties", most}, {"additionalProperties", std::move(value)}};
}

json List(json item, int most) {
  return {{"type", "array"}, {"maxItems", most}, {"items", std::move(item)}};
}

json Object(json properties, std::vector<std::string_view> required = {}) {
  json schema = {{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

json Rule(std::string rule, std::string message) {
  return {{"rule", std::move(rule)}, {"message", std::move(message)}};
}

json Described(json schema, std::string_view description) {
  schema["description"] = description;
  return schema;
}

json LabelsSchema() { return Map(Text(63), 128); }

json SelectorSchema() {
  const json expression = Object({{"key", Text(kLongestName)},
                                  {"operator", Choice({"In", "NotIn", "Exists", "DoesNotExist"})},
                                  {"values", List(Text(63), 64)}},
                                 {"key", "operator"});
  json schema =
      Object({{"matchLabels", LabelsSchema()}, {"matchExpressions", List(expression, 32)}});
  schema["x-kubernetes-map-type"] = "atomic";
  return schema;
}

json TolerationsSchema() {
  return List(Object({{"key", Text(kLongestName)},
                      {"operator", Choice({"Equal", "Exists"})},
                      {"value", Text(63)},
                      {"effect", Choice({"NoSchedule", "PreferNoSchedule", "NoExecute"})},
                      {"tolerationSeconds", {{"type", "integer"}, {"format", "int64"}}}}),
              32);
}

json NodePoolsSchema() {
  const json taint = Object({{"key", Text(kLongestName)},
                             {"value", Text(63)},
                             {"effect", Choice({"NoSchedule", "PreferNoSchedule", "NoExecute"})}},
                            {"key", "effect"});
  json pools =
      List(Object({{"name", Described(Text(kLongestName), "For texts.")},
                   {"count",
                    {{"type", "integer"},
                     {"format", "int64"},
                     {"minimum", 1},
                     {"maximum", 1'000'000},
                     {"description", "How many nodes the pool may have."}}},
                   {"allocatable",
                    Described(Map(IntOrString(), 32),
                              "What one node has for pods: cpu, memory, pods (110 if left out) and "
                              "extended resources such as nvidia.com/gpu.")},
                   {"labels", Described(LabelsSchema(), "The labels that its nodes carry.")},
                   {"taints", Described(List(taint, 32), "The taints that its nodes carry.")}},
                  {"name", "count", "allocatable"}),
           256);
  pools["x-kubernetes-list-type"] = "map";
  pools["x-kubernetes-list-map-keys"] = json::array({"name"});
  return pools;
}

json SettingsSchema() {
  json row =
      Object({{"key", Described(Text(kLongestName), "The Spark setting: spark.network.timeout.")},
              {"type", Described(Choice({"size", "time", "number", "boolean", "text"}),
                                 "What its value is; Spark's own type if left out.")},
              {"min", Described(AnyScalar(), "The least; a smaller value is raised to it.")},
              {"max", Described(AnyScalar(), "The most; a larger value is lowered to it.")},
              {"allowed", Described(List(AnyScalar(), 128), "The only values that are taken.")},
              {"default", Described(AnyScalar(), "Set where the application says nothing.")},
              {"required", {{"type", "boolean"}, {"description", "Must be there."}}},
              {"forbidden", {{"type", "boolean"}, {"description", "May not be there."}}}},
             {"key"});
  row["x-kubernetes-validations"] = json::array(
      {Rule("!(has(self.forbidden) && self.forbidden && has(self.required) && self.required)",
            "a setting cannot be both required and forbidden"),
       Rule("self.key.startsWith('spark.')", "Spark's settings begin with spark.")});
  json rows = List(std::move(row), 512);
  rows["x-kubernetes-list-type"] = "map";
  rows["x-kubernetes-list-map-keys"] = json::array({"key"});
  return rows;
}

// kubectl reads a bare Off as YAML 1.1 does, and sends false.
json RuleModesSchema() {
  json mode = AnyScalar();
  mode["enum"] = json::array({"Enforce", "Warn", "Off", false});
  return Map(std::move(mode), 64);
}

json RuleIdsSchema() {
  json ids = List(Text(63), 64);
  ids["x-kubernetes-list-type"] = "set";
  return ids;
}

json Whole(int least, int most) {
  return {{"type", "integer"}, {"format", "int64"}, {"minimum", least}, {"maximum", most}};
}

json Number(int most) { return {{"type", "number"}, {"minimum", 0}, {"maximum", most}}; }

json SchemaOf(FieldType type) {
  switch (type) {
    case FieldType::kPolicyMode:
      return Choice({"Enforce", "Warn", "Audit"});
    case FieldType::kPriority:
      return Whole(-kMostInt, kMostInt);
    case FieldType::kSelector:
      return SelectorSchema();
    case FieldType::kLabels:
      return LabelsSchema();
    case FieldType::kTolerations:
      return TolerationsSchema();
    case FieldType::kSidecars:
      return Object({{"memory", IntOrString()}, {"cpu", IntOrString()}});
    case FieldType::kReserve:
      return Object({{"memory", IntOrString()}, {"cpu", IntOrString()}, {"percent", AnyScalar()}});
    case FieldType::kNodePools:
      return NodePoolsSchema();
    case FieldType::kCapacitySource:
      return Choice({"Cluster", "NodePools", "Both"});
    case FieldType::kMemory:
    case FieldType::kCpu:
      return IntOrString();
    case FieldType::kSparkSize:
    case FieldType::kMemoryPerCore:
    case FieldType::kTime:
    case FieldType::kDuration:
      return Text(kLongestValue);
    case FieldType::kCount:
      return Whole(1, kMostInt);
    case FieldType::kMebibytes:
      return Whole(1, 2047);
    case FieldType::kShare:
      return AnyScalar();
    case FieldType::kFraction:
      return Number(1);
    case FieldType::kFactor:
      return Number(100);
    case FieldType::kBoolean:
      return {{"type", "boolean"}};
    case FieldType::kOverheadScope:
      return Choice({"Computed", "All"});
    case FieldType::kSerializer:
      return Choice({"Any", "Kryo"});
    case FieldType::kRewriteAt:
      return Choice({"Resource", "Submission", "Auto"});
    case FieldType::kRuleModes:
      return RuleModesSchema();
    case FieldType::kRuleIds:
      return RuleIdsSchema();
    case FieldType::kSettings:
      return SettingsSchema();
  }
  return {};
}

// A CEL term that stands in order as the values do, and one that says whether it can be made;
// empty where values of this type are not compared.
struct Term {
  std::string value;
  std::string good;
};

Term TermOf(FieldType type, const std::string& field) {
  const auto quantity = [](const std::string& text) {
    return Term{"quantity(" + text + ")", "isQuantity(" + text + ")"};
  };
  switch (type) {
    case FieldType::kCount:
    case FieldType::kFraction:
      return {field, "true"};
    case FieldType::kMemory:
    case FieldType::kCpu:
      return quantity("string(" + field + ")");
    case FieldType::kSparkSize:
    case FieldType::kMemoryPerCore:
      // 28g, 28GB -> 28Gi
      return quantity(field +
                      ".lowerAscii().replace('b','').replace('k','Ki').replace('m','Mi')"
                      ".replace('g','Gi').replace('t','Ti').replace('p','Pi')");
    case FieldType::kTime: {
      const auto ends = [&](const char* suffix) { return field + ".endsWith('" + suffix + "')"; };
      return {"int(" + field + ".find('^[0-9]+')) * (" + ends("ms") + " ? 1 : " + ends("s") +
                  " ? 1000 : " + ends("m") + " || " + ends("min") + " ? 60000 : " + ends("h") +
                  " ? 3600000 : 86400000)",
              field + ".matches('^[0-9]{1,9}(ms|s|m|min|h|d)$')"};
    }
    default:
      return {};
  }
}

json RangeRule(FieldType type, const std::string& path) {
  const Term min = TermOf(type, "self.min");
  const Term max = TermOf(type, "self.max");
  if (min.value.empty()) return nullptr;
  std::string rule = "!has(self.min) || !has(self.max) || ";
  if (min.good != "true") rule += "!" + min.good + " || !" + max.good + " || ";
  const bool compares = min.value.starts_with("quantity(");
  rule +=
      compares ? min.value + ".compareTo(" + max.value + ") <= 0" : min.value + " <= " + max.value;
  return Rule(std::move(rule), path + ".min is above " + path + ".max");
}

// What stands at the branches of the table.
std::string_view DescriptionOf(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kBranches[] = {
      {"capacity", "What counts as the cluster's capacity."},
      {"capacity.assume", "What others add to the pods after Ballast has judged them."},
      {"exceptions", "Who may lift rules with a SparkPolicyException; nobody if left out."},
      {"limits", "What an application may ask for. A limit that is left out does not limit."},
      {"limits.application", "All pods of an application together."},
      {"limits.driver", "The driver."},
      {"limits.executor", "One executor."},
      {"limits.executor.offHeap", "Memory outside the heap (spark.memory.offHeap)."},
      {"limits.executor.overheadFactor", "Memory overhead as a factor of heap."},
      {"limits.parallelism", "How finely Spark SQL cuts its work."},
      {"limits.serializer", "How Spark turns objects into bytes."},
      {"split", "What a split may make of an executor."},
  };
  for (const auto& [known, description] : kBranches) {
    if (known == path) return description;
  }
  return "From min to max; either may be left out.";
}

std::string DescriptionOf(const PolicyField& field) {
  std::string text(field.comment);
  text += " Takes " + std::string(policy::Describe(field.type));
  text += ". Where no policy says it: " + std::string(field.without);
  std::string readers(field.readers);
  for (size_t at = readers.find(' '); at != std::string::npos; at = readers.find(' ', at + 2)) {
    readers.insert(at, ",");
  }
  text += ". Read by: " + readers + ".";
  if (field.type != FieldType::kRuleModes) return text;
  text += " The rules and their defaults:";
  char before = ' ';
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
    text += before == ',' ? ", " : " ";
    text += std::string(rule.id) + " " + std::string(Name(rule.mode));
    before = ',';
  }
  return text + ".";
}

void AddField(json& spec, const PolicyField& field) {
  json* at = &spec;
  std::string_view rest = field.path;
  std::string path;
  for (size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    path += (path.empty() ? "" : ".") + std::string(rest.substr(0, dot));
    json& branch = (*at)["properties"][std::string(rest.substr(0, dot))];
    branch["type"] = "object";
    branch["description"] = DescriptionOf(path);
    at = &branch;
    rest.remove_prefix(dot + 1);
  }
  (*at)["properties"][std::string(rest)] = Described(SchemaOf(field.type), DescriptionOf(field));
  if (rest != "max" || !(*at)["properties"].contains("min")) return;
  if (json rule = RangeRule(field.type, path); !rule.is_null()) {
    (*at)["x-kubernetes-validations"] = json::array({std::move(rule)});
  }
}

}  // namespace

json PolicySpecSchema() {
  json spec = {{"type", "object"}, {"description", "What holds for the applications it is for."}};
  for (const PolicyField& field : policy::PolicyFields()) AddField(spec, field);
  return spec;
}

json ExceptionSpecSchema() {
  std::string facts;
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
    if (!rule.fact) continue;
    facts += (facts.empty() ? "'" : ", '") + std::string(rule.id) + "'";
  }
  json rules = Described(RuleIdsSchema(),
                         "The rules to lift; a policy must allow it (spec.exceptions.rules), and "
                         "rules that state facts are never lifted.");
  rules["minItems"] = 1;
  rules["x-kubernetes-validations"] =
      json::array({Rule("self.all(rule, !(rule in [" + facts + "]))",
                        "states a fact, which no exception can lift: the job would not run")});
  json until = Text(40,
                    "When it ends: 2026-12-31 (the end of that day in UTC) or "
                    "2026-12-31T18:00:00Z. A week before, it warns.");
  until["x-kubernetes-validations"] =
      json::array({Rule(R"(self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$'))",
                        "is no date; write 2026-12-31 or 2026-12-31T18:00:00Z")});
  json reason = Text(kLongestText, "Why, for those who ask later.");
  reason["minLength"] = 1;
  json spec = Object(
      {{"rules", std::move(rules)},
       {"objectSelector",
        Described(SelectorSchema(),
                  "The objects of this namespace that it is for, by their labels; all if empty.")},
       {"until", std::move(until)},
       {"reason", std::move(reason)}},
      {"rules", "until", "reason"});
  spec["description"] = "Which rules are lifted, for what, until when, and why.";
  return spec;
}

}  // namespace ballast::webhook
