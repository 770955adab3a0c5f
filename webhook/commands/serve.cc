// `ballast serve`: the webhook, until SIGTERM.

#include "webhook/server/serve.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

struct Options {
  ServiceOptions service;
  std::string log_level = "info";
  VersionOptions versions;
  std::string on_unreadable = "reject";
  int grace_seconds = 25;
};

ExitStatus Run(const Options& options) {
  ServiceOptions service = options.service;
  const auto level = ParseLogLevel(options.log_level);
  if (level) service.log_level = *level;
  const auto read_options = ReadVersionOptions(options.versions);
  if (!read_options) return ExitStatus::kUsage;
  service.base.read_options = *read_options;
  service.base.engine_version = kVersion;
  service.base.on_unreadable =
      options.on_unreadable == "admit" ? OnUnreadable::kAdmit : OnUnreadable::kReject;
  service.grace = std::chrono::seconds(options.grace_seconds);
  if (service.certificate.cert_dir.empty() && service.certificate.state_dir.empty()) {
    service.certificate.state_dir = DefaultStateFolder();
  }
  const auto errors = Serve(std::move(service));
  for (const policy::Error& error : errors) Complain(error);
  return errors.empty() ? ExitStatus::kAdmitted : ExitStatus::kUsage;
}

}  // namespace

void AddServe(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("serve", "Run the admission webhook");
  auto options = std::make_shared<Options>();
  ServiceOptions& service = options->service;
  command
      ->add_option("--listen", service.listen,
                   "Where /mutate and /validate answer, over TLS; port 0: a free one")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  command
      ->add_option("--metrics-listen", service.metrics_listen,
                   "/metrics, /healthz and /readyz without TLS, besides")
      ->type_name("ADDR:PORT");
  command
      ->add_option(
          "--policy", service.policy_file,
          "Policy file, watched: a good change takes effect within a second, a bad one is\n"
          "reported and the old stays. Without one, the built-in policy")
      ->type_name("FILE");
  command
      ->add_option(
          "--cluster", service.cluster_file,
          "What `kubectl get nodes -o yaml` (or json) printed, watched likewise. Without it\n"
          "the rules about capacity abstain")
      ->type_name("FILE");
  CLI::Option* cert_dir = command
                              ->add_option("--cert-dir", service.certificate.cert_dir,
                                           "Folder with tls.crt and tls.key, watched")
                              ->type_name("DIR");
  command
      ->add_option("--state-dir", service.certificate.state_dir,
                   "Where certificates that Ballast makes itself are kept (default:\n"
                   "~/.local/state/ballast)")
      ->type_name("DIR")
      ->excludes(cert_dir);
  command
      ->add_option("--cert-name", service.certificate.names,
                   "One more DNS name or address for such a certificate; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--client-ca", service.certificate.client_ca_file,
                   "Only clients with a certificate of this authority are answered")
      ->type_name("FILE");
  command->add_option("--log-level", options->log_level, "Least level that is logged")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
  AddVersionOptions(*command, options->versions);
  command
      ->add_option("--on-unreadable", options->on_unreadable,
                   "What /validate does with an object that cannot be read")
      ->check(CLI::IsMember({"reject", "admit"}))
      ->capture_default_str();
  command->add_option("--grace", options->grace_seconds, "Seconds to drain in after SIGTERM")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->add_flag("--bench-constant", service.constant_answer,
                    "For benchmarks: answer a constant without reading the body");
  command->footer(
      "Examples:\n"
      "  ballast serve --policy policy.yaml --cluster nodes.yaml\n"
      "  ballast serve --listen :8443 --cert-dir /etc/ballast/tls --metrics-listen :8080");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
