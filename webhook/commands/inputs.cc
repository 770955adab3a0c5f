#include "webhook/commands/inputs.h"

#include <cstdio>
#include <utility>
#include <variant>

#include "webhook/commands/program_name.h"
#include "webhook/commands/read_files.h"
#include "webhook/server/capacity_id.h"
#include "webhook/text/terminal.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

std::optional<policy::SparkVersion> ReadVersion(const std::string& option,
                                                const std::string& text) {
  const auto version = policy::ParseSparkVersion(text);
  if (!version) {
    Complain({option, version.error().what});
    return std::nullopt;
  }
  return policy::NearestKnown(*version);
}

}  // namespace

void AddVersionOptions(Command command, VersionOptions& options) {
  command
      .AddOption("--spark-version", options.spark_version,
                 "The Spark version of jobs that do not name theirs (default: the newest known)")
      .TypeName("VERSION");
  command
      .AddOption("--operator-spark-version", options.operator_spark_version,
                 "The Spark version that submits, which sizes the driver pod: the operator's own\n"
                 "(default: the job's)")
      .TypeName("VERSION");
  command
      .AddOption("--on-unknown-version", options.on_unknown,
                 "A job of a newer Spark than Ballast knows is judged as the newest known (an\n"
                 "older one as the oldest, one whose version is no number as if it named none):\n"
                 "newest: without a word; warn: and told so; reject: refused instead")
      .OneOf({"newest", "warn", "reject"})
      .ShowDefault();
  command
      .AddOption("--on-unknown-kind-version", options.on_unknown_kind,
                 "An object of a known kind in a version that Ballast does not know, of a newer\n"
                 "operator for example: warn: admitted unjudged, and told so; reject: refused")
      .OneOf({"warn", "reject"})
      .ShowDefault();
}

void AddClusterOptions(Command command, ClusterOptions& options) {
  command
      .AddOption("--kubeconfig", options.kubeconfig,
                 "Names the live cluster (default: KUBECONFIG, or the one that this runs in; as\n"
                 "`kubectl ballast` also ~/.kube/config)")
      .TypeName("FILE");
  command.AddOption("--context", options.context, "The context of the kubeconfig").TypeName("NAME");
}

k8s::ConfigChoice ChoiceOf(const ClusterOptions& options) {
  return {options.kubeconfig, options.context, IsKubectlPlugin()};
}

void AddInputOptions(Command command, InputOptions& options) {
  command
      .AddOption("--policy", options.policies,
                 "Policy file (may be given more than once); without one, those of the cluster or\n"
                 "of the snapshot, else the built-in policy")
      .TypeName("FILE");
  AddPlaceOptions(command, options);
}

void AddPlaceOptions(Command command, InputOptions& options) {
  const Option cluster =
      command
          .AddOption(
              "--cluster", options.cluster,
              "The cluster: what `kubectl get nodes -o yaml` (or json) printed. Without it the\n"
              "live cluster, where one is named; else the rules about capacity abstain and say so")
          .TypeName("FILE");
  const Option namespaces =
      command
          .AddOption(
              "--namespaces", options.namespaces,
              "Quotas and labels: what `kubectl get namespaces,resourcequotas,limitranges -A\n"
              "-o yaml` printed")
          .TypeName("FILE");
  command
      .AddOption("--snapshot", options.snapshot,
                 "All of these as `ballast snapshot` wrote them: the same decisions as then")
      .TypeName("FILE")
      .Excludes(cluster)
      .Excludes(namespaces);
  AddClusterOptions(command, options);
  AddVersionOptions(command, options);
}

void Complain(const policy::Error& error) {
  const std::string text = error.where + (error.where.empty() ? "" : ": ") + AsCalled(error.what);
  std::fprintf(stderr, "ballast: %s\n", Harmless(text, false).c_str());
}

std::optional<std::string> ReadWholeFile(const std::string& path) {
  auto text = ReadInput(path);
  if (text) return *std::move(text);
  Complain(text.error());
  return std::nullopt;
}

std::optional<policy::PolicySet> LoadPolicies(const std::vector<std::string>& files) {
  auto read = ReadPolicies(files);
  if (auto* policies = std::get_if<policy::PolicySet>(&read)) return std::move(*policies);
  for (const auto& mistake : std::get<std::vector<policy::Error>>(read)) Complain(mistake);
  return std::nullopt;
}

std::optional<policy::NamespaceStates> LoadNamespaces(const std::vector<std::string>& files) {
  auto states = ReadNamespaces(files);
  if (states) return *std::move(states);
  Complain(states.error());
  return std::nullopt;
}

const policy::NamespaceState& NamespaceOf(const Inputs& inputs, const std::string& name) {
  static const policy::NamespaceState kUnknown;
  if (!inputs.namespaces) return kUnknown;
  const auto found = inputs.namespaces->find(name);
  return found == inputs.namespaces->end() ? kUnknown : *found->second;
}

std::optional<k8s::ReadOptions> ReadVersionOptions(const VersionOptions& options,
                                                   k8s::ReadOptions otherwise) {
  if (!options.spark_version.empty()) {
    const auto version = ReadVersion("--spark-version", options.spark_version);
    if (!version) return std::nullopt;
    otherwise.unset_version = *version;
  }
  if (!options.operator_spark_version.empty()) {
    const auto version = ReadVersion("--operator-spark-version", options.operator_spark_version);
    if (!version) return std::nullopt;
    otherwise.operator_version = *version;
  }
  if (options.on_unknown == "warn") otherwise.unknown_version = policy::UnknownVersion::kWarn;
  if (options.on_unknown == "reject") otherwise.unknown_version = policy::UnknownVersion::kReject;
  if (options.on_unknown_kind == "reject") {
    otherwise.unknown_kind_version = k8s::UnknownKindVersion::kReject;
  }
  return otherwise;
}

Snapshot MakeSnapshot(Inputs inputs) {
  Snapshot snapshot;
  snapshot.policies = std::move(inputs.policies);
  snapshot.capacity_id = CapacityId(inputs.cluster);
  snapshot.cluster = std::move(inputs.cluster);
  snapshot.capacity_id = CapacityId(snapshot.cluster);
  snapshot.namespaces = std::move(inputs.namespaces);
  snapshot.read_options = inputs.read_options;
  snapshot.engine_version = kVersion;
  return snapshot;
}

std::optional<std::vector<k8s::ManifestDocument>> LoadManifests(
    const std::vector<std::string>& files) {
  auto documents = ReadManifestFiles(files);
  if (documents) return *std::move(documents);
  Complain(documents.error());
  return std::nullopt;
}

}  // namespace ballast::webhook
