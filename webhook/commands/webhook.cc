// `ballast webhook probe|remove`: what the chart's hooks run.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "webhook/commands/cluster_access.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/install/probe.h"
#include "webhook/install/remove.h"

namespace ballast::webhook {
namespace {

ExitStatus Print(const policy::Result<std::vector<std::string>>& lines) {
  if (!lines) {
    Complain(lines.error());
    return ExitStatus::kRejected;
  }
  for (const std::string& line : *lines) std::printf("%s\n", line.c_str());
  return ExitStatus::kAdmitted;
}

struct ProbeCommand {
  ClusterAccess access;
  ProbeOptions probe;
  int timeout_seconds = 60;
};

ExitStatus RunProbe(const ProbeCommand& command) {
  if (!command.probe.policy && command.probe.application_namespace.empty()) {
    Complain({"", "nothing to try: give --policy, --application NAMESPACE or both"});
    return ExitStatus::kUsage;
  }
  const auto client = Connect(command.access);
  if (!client) return ExitStatus::kUsage;
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(command.timeout_seconds);
  const auto again = [end] {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return true;
  };
  return Print(Probe(*client, command.probe, again));
}

struct RemoveCommand {
  ClusterAccess access;
  RemoveOptions remove;
};

ExitStatus RunRemove(RemoveCommand command) {
  const auto client = Connect(command.access);
  if (!client) return ExitStatus::kUsage;
  command.remove.namespace_name = NamespaceOf(command.access, *client);
  return Print(RemoveFromCluster(*client, command.remove));
}

void AddProbe(Command webhook, ExitStatus& status) {
  const Command command =
      webhook.AddSubcommand("probe", "Prove that the webhook answers through the API server");
  auto options = std::make_shared<ProbeCommand>();
  AddClusterAccess(command, options->access);
  command.AddOption("--name", options->probe.name, "Of the objects that are tried")
      .TypeName("NAME")
      .ShowDefault();
  command.AddFlag("--policy", options->probe.policy,
                  "Try a SparkResourcePolicy with a mistake, which Ballast must refuse");
  command
      .AddOption("--application", options->probe.application_namespace,
                 "Try a SparkApplication in this namespace, which Ballast must rewrite or\n"
                 "refuse; passed over where the kind is not installed")
      .TypeName("NAMESPACE");
  command
      .AddOption("--timeout", options->timeout_seconds,
                 "Seconds to go on trying: a webhook configuration takes one to be in force")
      .Between(0, 3600)
      .ShowDefault();
  command.SetFooter(
      "Everything is a dry run; nothing is stored.\n"
      "Exit status: 0 proven, 1 not, 2 no cluster is named.\n\n"
      "Example:\n  ballast webhook probe --policy --application default");
  command.OnCall([options, &status] { status = RunProbe(*options); });
}

void AddRemove(Command webhook, ExitStatus& status) {
  const Command command = webhook.AddSubcommand(
      "remove", "Delete the webhook configurations, and what was made at run time");
  auto options = std::make_shared<RemoveCommand>();
  AddClusterAccess(command, options->access);
  command
      .AddOption("--mutating", options->remove.configurations.mutating,
                 "The MutatingWebhookConfiguration to delete")
      .TypeName("NAME");
  command
      .AddOption("--validating", options->remove.configurations.validating,
                 "The ValidatingWebhookConfiguration to delete")
      .TypeName("NAME");
  command.AddOption("--secret", options->remove.secret, "The Secret of `certs rotate` to delete")
      .TypeName("NAME");
  command.AddFlag("--empty-crds", options->remove.empty_crds,
                  "Delete the definitions of Ballast's own kinds, if there is no object of them");
  command.AddFlag("--reports", options->remove.reports, "Delete the Reports that Ballast wrote");
  command.SetFooter(
      "The configurations go first, so that nothing calls what is not there any more. What is not\n"
      "there is no mistake. Policies and exceptions are never deleted.\n\n"
      "Example:\n  ballast webhook remove -n ballast --mutating ballast --validating ballast");
  command.OnCall([options, &status] { status = RunRemove(*options); });
}

}  // namespace

void AddWebhook(Command app, ExitStatus& status) {
  const Command command = app.AddSubcommand(
      "webhook", "Prove that a cluster's webhook answers; take it out of the way");
  command.RequireSubcommand();
  command.SetFooter(
      "Examples:\n"
      "  ballast webhook probe --policy --application default\n"
      "  ballast webhook remove --mutating ballast --validating ballast");
  AddProbe(command, status);
  AddRemove(command, status);
}

}  // namespace ballast::webhook
