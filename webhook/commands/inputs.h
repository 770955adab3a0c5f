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

// The options that every judging command has.
struct InputOptions {
  std::vector<std::string> policies;
  std::string cluster;
  std::string spark_version;
  std::string operator_spark_version;
};
void AddInputOptions(CLI::App& command, InputOptions& options);

struct Inputs {
  policy::PolicySet policies;
  policy::ClusterCapacity cluster;
  k8s::ReadOptions read_options;
};
std::optional<Inputs> LoadInputs(const InputOptions& options);
// What --spark-version and --operator-spark-version say; empty texts: not given.
std::optional<k8s::ReadOptions> ReadVersionOptions(const std::string& spark_version,
                                                   const std::string& operator_spark_version);
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
