#include "webhook/policy_file/policy_crd.h"

#include <utility>

#include "webhook/text/print_yaml.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr const char* kGroup = "policy.ballast.dev";

json Moment(const char* description) {
  return {{"type", "string"}, {"format", "date-time"}, {"description", description}};
}

json Count(const char* description) {
  return {{"type", "integer"}, {"format", "int64"}, {"minimum", 0}, {"description", description}};
}

json Text(int longest, const char* description) {
  return {{"type", "string"}, {"maxLength", longest}, {"description", description}};
}

json Conditions(const char* description) {
  const json condition = {
      {"type", "object"},
      {"required", {"type", "status", "reason", "message", "lastTransitionTime"}},
      {"properties",
       {{"type", Text(316, "PascalCase.")},
        {"status", {{"type", "string"}, {"enum", {"True", "False", "Unknown"}}}},
        {"observedGeneration", Count("The generation that it was judged by.")},
        {"lastTransitionTime", Moment("When its status last changed.")},
        {"reason", Text(1024, "One word in PascalCase.")},
        {"message", Text(32768, "For people: all mistakes, with their places.")}}}};
  return {{"type", "array"},
          {"description", description},
          {"items", condition},
          {"maxItems", 8},
          {"x-kubernetes-list-type", "map"},
          {"x-kubernetes-list-map-keys", {"type"}}};
}

json PolicyStatus() {
  const json capacity = {
      {"type", "object"},
      {"description",
       "What a job without selectors and tolerations may use, after the policy's reserve."},
      {"properties",
       {{"known", {{"type", "boolean"}, {"description", "Whether any node was ever seen."}}},
        {"nodes", Count("Nodes of the last 24 hours, and declared ones.")},
        {"readyNodes", Count("Those that take pods now.")},
        {"memory", Text(32, "Of all of them.")},
        {"cpu", Text(32, "Of all of them.")},
        {"pods", Count("Places for pods.")}}}};
  const json decisions = {
      {"type", "object"},
      {"description",
       "What one replica, the one that writes this status, has answered since it started for "
       "applications of this policy; dry-runs are left out. The metrics of all replicas have the "
       "sum."},
      {"properties",
       {{"replica", Text(253, "Which one.")},
        {"since", Moment("When it started to count.")},
        {"admitted", Count("As they were.")},
        {"rewritten", Count("After a rewrite.")},
        {"rejected", Count("Not at all.")}}}};
  return {
      {"type", "object"},
      {"description", "What Ballast made of it; written by the leading replica."},
      {"properties",
       {{"observedGeneration", Count("The generation that the status is about.")},
        {"conditions",
         Conditions("Accepted: the policy is valid; if not, its mistakes, and its last good "
                    "version stays in force. Ready: this generation is in force.")},
        {"capacity", capacity},
        {"decisions", decisions},
        {"storedRewrites", Count("Stored applications that were rewritten under this policy.")}}}};
}

json ExceptionStatus() {
  return {{"type", "object"},
          {"description", "What Ballast made of it; written by the leading replica."},
          {"properties",
           {{"observedGeneration", Count("The generation that the status is about.")},
            {"conditions",
             Conditions("Accepted: it is valid and a policy allows it. Ready: it lifts its rules "
                        "now.")}}}};
}

json Column(const char* name, const char* type, const char* path, const char* description,
            int priority = 0) {
  json column = {{"name", name}, {"type", type}, {"jsonPath", path}, {"description", description}};
  if (priority != 0) column["priority"] = priority;
  return column;
}

json ConditionColumn(const char* name, const char* description) {
  const std::string path = std::string(".status.conditions[?(@.type==\"") + name + "\")].status";
  return Column(name, "string", path.c_str(), description);
}

struct Names {
  const char* kind;
  const char* plural;
  const char* singular;
  const char* short_name;
  const char* scope;
};

PolicyCrd Make(const Names& names, const char* description, json columns, json spec, json status,
               json rules) {
  json schema = {{"type", "object"},
                 {"description", description},
                 {"required", {"spec"}},
                 {"properties",
                  {{"apiVersion", {{"type", "string"}}},
                   {"kind", {{"type", "string"}}},
                   {"metadata", {{"type", "object"}}},
                   {"spec", std::move(spec)},
                   {"status", std::move(status)}}}};
  if (!rules.empty()) schema["x-kubernetes-validations"] = std::move(rules);
  PolicyCrd crd;
  crd.name = std::string(names.plural) + "." + kGroup;
  crd.definition = {
      {"apiVersion", "apiextensions.k8s.io/v1"},
      {"kind", "CustomResourceDefinition"},
      {"metadata",
       {{"name", crd.name},
        // Deleting the definition deletes every policy with it.
        {"annotations", {{"helm.sh/resource-policy", "keep"}}},
        {"labels", {{"app.kubernetes.io/name", "ballast"}}}}},
      {"spec",
       {{"group", kGroup},
        {"scope", names.scope},
        {"names",
         {{"kind", names.kind},
          {"listKind", std::string(names.kind) + "List"},
          {"plural", names.plural},
          {"singular", names.singular},
          {"shortNames", {names.short_name}},
          {"categories", {"ballast"}}}},
        {"versions", json::array({{{"name", "v1alpha1"},
                                   {"served", true},
                                   {"storage", true},
                                   {"subresources", {{"status", json::object()}}},
                                   {"additionalPrinterColumns", std::move(columns)},
                                   {"schema", {{"openAPIV3Schema", std::move(schema)}}}}})}}}};
  return crd;
}

}  // namespace

std::vector<PolicyCrd> PolicyCrds() {
  const json age = Column("Age", "date", ".metadata.creationTimestamp", "When it was made.");
  std::vector<PolicyCrd> crds;
  crds.push_back(Make(
      {"SparkResourcePolicy", "sparkresourcepolicies", "sparkresourcepolicy", "srp", "Cluster"},
      "What Spark applications may ask for, and what Ballast does about the others. Policies that "
      "match an object are laid over each other field by field; the highest priority decides.",
      json::array({Column("Mode", "string", ".spec.mode", "Enforce, Warn or Audit."),
                   Column("Priority", "integer", ".spec.priority", "The highest decides."),
                   ConditionColumn("Accepted", "Whether it is valid."),
                   ConditionColumn("Ready", "Whether this generation is in force."),
                   Column("Nodes", "integer", ".status.capacity.nodes", "Nodes that it counts.", 1),
                   Column("Rewrites", "integer", ".status.storedRewrites",
                          "Stored applications that were rewritten under it."),
                   age}),
      PolicySpecSchema(), PolicyStatus(),
      json::array(
          {{{"rule", "self.metadata.name != 'built-in'"},
            {"message",
             "built-in is the name of what stands behind all policies; choose another"}}})));
  crds.push_back(
      Make({"SparkPolicyException", "sparkpolicyexceptions", "sparkpolicyexception", "spe",
            "Namespaced"},
           "Lifts rules for some applications of its namespace until a date, where a policy allows "
           "it; what it hides is still reported.",
           json::array({Column("Rules", "string", ".spec.rules", "What it lifts."),
                        Column("Until", "string", ".spec.until", "When it ends."),
                        Column("Requester", "string",
                               R"(.metadata.annotations.ballast\.dev/requester)", "Who asked."),
                        ConditionColumn("Accepted", "Whether it is valid and allowed."),
                        ConditionColumn("Ready", "Whether it lifts its rules now."),
                        Column("Reason", "string", ".spec.reason", "Why.", 1), age}),
           ExceptionSpecSchema(), ExceptionStatus(), json::array()));
  return crds;
}

std::string PrintPolicyCrd(const PolicyCrd& crd) {
  return "# Made by `ballast policy schema -o crd` of the policy's table of fields; do not "
         "edit.\n" +
         PrintYaml(crd.definition);
}

}  // namespace ballast::webhook
