#include "webhook/snapshot_file/snapshot_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "k8s/json_text.h"
#include "k8s/manifest.h"
#include "policy/judged_settings.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/policy_file/policy_yaml.h"
#include "webhook/policy_file/policy_yaml_exception.h"
#include "webhook/snapshot_file/cluster_json.h"
#include "webhook/snapshot_file/json_part.h"
#include "webhook/snapshot_file/workload_json.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using policy::Error;

constexpr std::string_view kKind = "Snapshot";
constexpr std::string_view kForm = "1";  // of this file; an older reader refuses a newer form

// The policy as the object that kubectl would show. Our own print always reads.
ordered_json PolicyObject(const policy::Policy& policy) {
  const auto documents = k8s::ReadManifests(PrintPolicy(policy), policy.name);
  return documents.value().front().object;
}

ordered_json PrintSelector(const policy::LabelSelector& selector) {
  return {{"matchExpressions", PrintRequirements(selector.requirements)}};
}

ordered_json ExceptionObject(const policy::PolicyException& exception) {
  ordered_json metadata = {{"name", exception.name}, {"namespace", exception.namespace_name}};
  if (exception.created_seconds != 0) {
    metadata["creationTimestamp"] = PrintMoment(exception.created_seconds);
  }
  if (!exception.requester.empty()) {
    metadata["annotations"] = {{kRequester, exception.requester}};
  }
  return {{"apiVersion", kPolicyApiVersion},
          {"kind", kExceptionKind},
          {"metadata", metadata},
          {"spec",
           {{"rules", exception.rules},
            {"objectSelector", PrintSelector(exception.object_selector)},
            {"reason", exception.reason},
            {"until", PrintMoment(exception.expires_seconds)}}}};
}

std::optional<policy::SparkVersion> ReadVersion(const JsonPart& part) {
  if (!part.exists()) return std::nullopt;
  return part.As(policy::ParseSparkVersion, policy::kNewestSpark);
}

// Policies and exceptions go through the reader of policy files, so that a snapshot that was edited
// by hand is held to the same.
void ReadPolicies(const json& document, const std::string& file, SnapshotFile& snapshot,
                  std::vector<Error>& mistakes) {
  for (const auto& [list, kind] :
       {std::pair{"policies", kPolicyKind}, std::pair{"exceptions", kExceptionKind}}) {
    const auto found = document.find(list);
    if (found == document.end() || !found->is_array()) continue;
    for (size_t i = 0; i < found->size(); ++i) {
      auto read = ReadPolicyObject(k8s::JsonView((*found)[i]), kind);
      if (const auto* bad = std::get_if<std::vector<Error>>(&read)) {
        const std::string place = file + ", /" + list + "/" + std::to_string(i) + ", ";
        for (const Error& mistake : *bad) mistakes.push_back({place + mistake.where, mistake.what});
        continue;
      }
      auto& good = std::get<PolicyFile>(read);
      std::move(good.policies.begin(), good.policies.end(), std::back_inserter(snapshot.policies));
      std::move(good.exceptions.begin(), good.exceptions.end(),
                std::back_inserter(snapshot.exceptions));
    }
  }
}

void ReadRest(const JsonPart& part, SnapshotFile& snapshot) {
  if (part["kind"].Text() != kKind || part["apiVersion"].Text() != kPolicyApiVersion) {
    part["kind"].Fail("is no Snapshot: write one with `ballast snapshot`");
    return;
  }
  if (part["form"].Text() != kForm) {
    part["form"].Fail("is of another version of Ballast: take a new snapshot, or use that version");
    return;
  }
  snapshot.taken_seconds = part["takenAt"].As<int64_t>(ReadMoment, 0);
  snapshot.engine_version = part["engineVersion"].Text();
  snapshot.read_options.unset_version =
      ReadVersion(part["sparkVersion"]).value_or(policy::kNewestSpark);
  snapshot.read_options.operator_version = ReadVersion(part["operatorSparkVersion"]);
  snapshot.read_options.unknown_version = ReadUnknownVersion(part["onUnknownVersion"]);
  snapshot.cluster = ReadCluster(part["cluster"]);
  if (part["namespaces"].exists()) {
    snapshot.namespaces =
        std::make_shared<const policy::NamespaceStates>(ReadNamespaces(part["namespaces"]));
  }
  part["settings"].ForEachElement(
      [&](const JsonPart& key) { snapshot.settings.push_back(key.Text()); });
  part["applications"].ForEachElement(
      [&](const JsonPart& one) { snapshot.applications.push_back(ReadWorkload(one)); });
}

}  // namespace

std::vector<std::string> NamedSettings(const std::vector<policy::Policy>& policies) {
  std::vector<std::string> named;
  for (const policy::Policy& policy : policies) {
    for (const auto& [key, row] : policy.settings) named.push_back(key);
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  return named;
}

policy::Workload KeepJudged(policy::Workload workload, const std::vector<std::string>& settings) {
  workload.conf = policy::JudgedSettings(workload.conf, settings);
  for (policy::OverriddenValue& value : workload.overridden) {
    if (!policy::MayShowValue(value.key)) value.losing_value = value.winning_value = "";
  }
  return workload;
}

ordered_json PrintSnapshot(const SnapshotFile& snapshot) {
  ordered_json json = {
      {"apiVersion", kPolicyApiVersion},
      {"kind", kKind},
      {"form", kForm},
      {"takenAt", PrintMoment(snapshot.taken_seconds)},
      {"engineVersion", snapshot.engine_version},
      {"sparkVersion", policy::PrintSparkVersion(snapshot.read_options.unset_version)}};
  json["onUnknownVersion"] =
      kUnknownVersions[static_cast<size_t>(snapshot.read_options.unknown_version)];
  if (snapshot.read_options.operator_version) {
    json["operatorSparkVersion"] =
        policy::PrintSparkVersion(*snapshot.read_options.operator_version);
  }
  json["policies"] = ordered_json::array();
  for (const policy::Policy& policy : snapshot.policies) {
    json["policies"].push_back(PolicyObject(policy));
  }
  json["exceptions"] = ordered_json::array();
  for (const policy::PolicyException& exception : snapshot.exceptions) {
    json["exceptions"].push_back(ExceptionObject(exception));
  }
  json["cluster"] = PrintCluster(snapshot.cluster);
  json["namespaces"] =
      snapshot.namespaces ? PrintNamespaces(*snapshot.namespaces) : ordered_json(nullptr);
  json["settings"] = snapshot.settings;
  json["applications"] = ordered_json::array();
  for (const policy::Workload& workload : snapshot.applications) {
    json["applications"].push_back(PrintWorkload(workload));
  }
  return json;
}

std::variant<SnapshotFile, std::vector<Error>> ReadSnapshot(std::string_view text,
                                                            const std::string& file) {
  const json document = k8s::ParseJson(text);
  if (!document.is_object()) {
    return std::vector<Error>{
        {file, "is no JSON object: a snapshot is what `ballast snapshot` writes"}};
  }
  SnapshotFile snapshot;
  std::optional<Error> first;
  ReadRest(JsonPart(k8s::JsonView(document), "", first), snapshot);
  std::vector<Error> mistakes;
  if (first) mistakes.push_back({file + ", " + first->where, first->what});
  if (mistakes.empty()) ReadPolicies(document, file, snapshot, mistakes);
  if (!mistakes.empty()) return mistakes;
  return snapshot;
}

}  // namespace ballast::webhook
