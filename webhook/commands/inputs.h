// What commands read from files or from the live cluster: policies, the cluster, its namespaces,
// manifests. Every mistake is printed to standard error with its place and remedy; a command that
// could not read its input ends with status 2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "k8s/api/config.h"
#include "k8s/kinds/kind.h"
#include "k8s/manifest.h"
#include "policy/capacity.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"
#include "webhook/admission/admit.h"
#include "webhook/audit/stored_application.h"
#include "webhook/commands/arguments.h"

namespace ballast::webhook {

// What an unset or unknown Spark version means.
struct VersionOptions {
  std::string spark_version;
  std::string operator_spark_version;
  std::string on_unknown = "newest";
  std::string on_unknown_kind = "warn";
};
void AddVersionOptions(Command command, VersionOptions& options);

// Which cluster is asked; the one of KUBECONFIG, or the one that this runs in, where neither is
// given.
struct ClusterOptions {
  std::string kubeconfig;
  std::string context;
};
void AddClusterOptions(Command command, ClusterOptions& options);
k8s::ConfigChoice ChoiceOf(const ClusterOptions& options);

// The options that every judging command has.
struct InputOptions : VersionOptions, ClusterOptions {
  std::vector<std::string> policies;
  std::string cluster;
  std::vector<std::string> namespaces;
  std::string snapshot;
};
void AddInputOptions(Command command, InputOptions& options);
// The same without --policy.
void AddPlaceOptions(Command command, InputOptions& options);

struct Inputs {
  policy::PolicySet policies;
  policy::ClusterCapacity cluster;
  std::shared_ptr<const policy::NamespaceStates> namespaces;  // nullptr: nothing is known of them
  k8s::ReadOptions read_options;
  int64_t now_seconds = 0;     // when it was so: now, or when the snapshot was taken
  bool live = false;           // a live cluster was asked
  std::string namespace_name;  // of what names none: -n, the context's, or `default`
  // Where they are wanted, or in a snapshot: what users asked for, of the scope.
  std::vector<policy::Workload> applications;
  // Where they are wanted, of a live cluster: as they are stored, and how many have ended and were
  // left out.
  std::vector<StoredApplication> stored;
  size_t ended = 0;
  // With which settings a snapshot kept them besides those that are always judged.
  std::optional<std::vector<std::string>> settings;
};
// Which namespaces a command is about.
struct Scope {
  std::string namespace_name = {};                                // -n; empty: not given
  bool all = false;                                               // -A
  const std::vector<k8s::ManifestDocument>* documents = nullptr;  // and those that these are in
  bool applications = false;  // their Spark objects are wanted too
  bool stored = false;        // the same, as they are stored
  bool ended = false;         // of these, also those that will not run again
  bool nodes = true;          // the cluster's nodes are
  bool cluster = true;        // a live cluster may be asked
};
// Files where they are given, or the snapshot; otherwise the live cluster, where one is named.
std::optional<Inputs> LoadInputs(const InputOptions& options, const Scope& scope);
// Only the policies and the labels of namespaces: no cluster is asked where policies are given.
std::optional<Inputs> LoadPolicyInputs(const InputOptions& options, const Scope& scope);
// What the options say, or `otherwise` where they are not given. A text that is no version is
// printed; then nullopt.
std::optional<k8s::ReadOptions> ReadVersionOptions(const VersionOptions& options,
                                                   k8s::ReadOptions otherwise = {});
// The same as the webhook judges by.
Snapshot MakeSnapshot(Inputs inputs);

// One file's bytes; "-" is standard input. Larger than 64 MiB is a mistake.
std::optional<std::string> ReadWholeFile(const std::string& path);

std::optional<policy::PolicySet> LoadPolicies(const std::vector<std::string>& files);
// What `kubectl get namespaces,resourcequotas,limitranges -A -o yaml` printed.
std::optional<policy::NamespaceStates> LoadNamespaces(const std::vector<std::string>& files);
// The namespace's state, or an empty one where it is not known.
const policy::NamespaceState& NamespaceOf(const Inputs& inputs, const std::string& name);

// All documents of all files.
std::optional<std::vector<k8s::ManifestDocument>> LoadManifests(
    const std::vector<std::string>& files);

// "ballast: where: what" on standard error.
void Complain(const policy::Error& error);

}  // namespace ballast::webhook
