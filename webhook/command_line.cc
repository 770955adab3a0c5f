#include "webhook/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "webhook/version.h"

namespace ballast::webhook {
namespace {

// In the order in which --help lists them.
constexpr AddCommand kCommands[] = {
    AddCheck, AddExplain, AddCapacity, AddPolicy, AddRestore,
    AddServe, AddReview,  AddCerts,    AddDemo,   AddCompletion,
};

constexpr const char* kAbout =
    "Keeps Spark jobs inside what a Kubernetes cluster can really hold.\n\n"
    "Ballast reads a Spark submission, computes to the mebibyte what Spark will ask Kubernetes\n"
    "for, holds that against the cluster and a policy, and admits, rewrites or rejects it.\n"
    "The same engine answers as an admission webhook (serve) and here.";

constexpr const char* kExamples =
    "Examples:\n"
    "  ballast check -f job.yaml --cluster nodes.yaml     what would happen to this job\n"
    "  kubectl get nodes -o yaml > nodes.yaml             where the cluster file comes from\n"
    "  ballast explain --conf spark.executor.memory=28g   where the memory of a pod goes\n"
    "  ballast capacity --cluster nodes.yaml --recommend  the shape that strands least\n"
    "  ballast demo                                       see it work, without a cluster\n\n"
    "Exit status: 0 admitted (rewritten or not), 1 rejected, 2 usage or input error,\n"
    "3 rewritten where --fail-on=rewrite was given.";

}  // namespace

int RunCommandLine(int argc, const char* const* argv) {
  CLI::App app(kAbout, "ballast");
  app.footer(kExamples);
  app.set_version_flag("--version", std::string("ballast ") + kVersion);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  ExitStatus status = ExitStatus::kAdmitted;
  for (const AddCommand add : kCommands) add(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& shown) {  // --help, --version
    return app.exit(shown);
  } catch (const CLI::ParseError& mistake) {
    std::fprintf(stderr, "ballast: %s\nTry `ballast --help`, or `ballast COMMAND --help`.\n",
                 mistake.what());
    return static_cast<int>(ExitStatus::kUsage);
  } catch (const std::exception& failure) {  // the libraries' last word: nothing of ours throws
    std::fprintf(stderr, "ballast: %s\n", failure.what());
    return static_cast<int>(ExitStatus::kUsage);
  }
  return static_cast<int>(status);
}

}  // namespace ballast::webhook
