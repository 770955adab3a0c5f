// What commands read from files: policies, the cluster, manifests. Every mistake is printed to
// standard error with its place and remedy; a command that could not read its input ends with
// status 2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s/kinds/kind.h"
#include "k8s/manifest.h"
#include "policy/capacity.h"
#include "policy/layers.h"
#include "webhook/admission/admit.h"

namespace CLI {
class App;
}

namespace ballast::webhook {

// What an unset or unknown Spark version means.
struct VersionOptions {
  std::string spark_version;
  std::string operator_spark_version;
  std::string on_unknown = "newest";
};
void AddVersionOptions(CLI::App& command, VersionOptions& options);
// A text that is no version is printed; then nullopt. Empty texts: not given.
std::optional<k8s::ReadOptions> ReadVersionOptions(const VersionOptions& options);

// The options that every judging command has.
struct InputOptions {
  std::vector<std::string> policies;
  std::string cluster;
  VersionOptions versions;
};
void AddInputOptions(CLI::App& command, InputOptions& options);

struct Inputs {
  policy::PolicySet policies;
  policy::ClusterCapacity cluster;
  k8s::ReadOptions read_options;
};
std::optional<Inputs> LoadInputs(const InputOptions& options);
// The same as the webhook judges by.
Snapshot MakeSnapshot(Inputs inputs);

// One file's bytes; "-" is standard input. Larger than 64 MiB is a mistake.
std::optional<std::string> ReadWholeFile(const std::string& path);

std::optional<policy::PolicySet> LoadPolicies(const std::vector<std::string>& files);

// All documents of all files.
std::optional<std::vector<k8s::ManifestDocument>> LoadManifests(
    const std::vector<std::string>& files);

// "ballast: where: what" on standard error.
void Complain(const policy::Error& error);

}  // namespace ballast::webhook
