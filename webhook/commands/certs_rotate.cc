// `ballast certs rotate`: what the chart's Job and CronJob run.

#include "webhook/commands/certs_rotate.h"

#include <cstdio>
#include <ctime>
#include <memory>
#include <string>

#include "certs/certificate.h"
#include "webhook/commands/cluster_access.h"
#include "webhook/commands/inputs.h"
#include "webhook/install/rotate.h"

namespace ballast::webhook {
namespace {

struct Options {
  ClusterAccess access;
  RotateOptions rotate;
  std::string service;
  std::string renew = "due";
  int leaf_days = 14;
  int authority_days = 365;
  int overlap_days = 30;
  int64_t settle_seconds = certs::RotationTimes{}.settle_seconds;
};

certs::Renew RenewNamed(const std::string& name) {
  if (name == "serving") return certs::Renew::kServing;
  if (name == "authority") return certs::Renew::kAuthority;
  if (name == "everything") return certs::Renew::kEverything;
  return certs::Renew::kDue;
}

void ShowAuthority(const char* what, const std::optional<certs::KeyPair>& pair) {
  const auto described =
      certs::Describe(pair ? std::string_view(pair->certificate_pem) : std::string_view());
  if (!described.ok()) return;
  std::printf("%s until %s, fingerprint %.16s\n", what,
              certs::FormatTime(described->front().validity.not_after).c_str(),
              described->front().fingerprint.c_str());
}

ExitStatus Run(Options options) {
  if (2 * options.overlap_days > options.authority_days) {
    Complain({"--overlap-days",
              "must be at most half of --authority-days, else every authority is "
              "replaced as soon as it is made"});
    return ExitStatus::kUsage;
  }
  const auto client = Connect(options.access);
  if (!client) return ExitStatus::kUsage;
  RotateOptions& rotate = options.rotate;
  rotate.namespace_name = NamespaceOf(options.access, *client);
  rotate.renew.now = std::time(nullptr);
  rotate.renew.renew = RenewNamed(options.renew);
  rotate.renew.names = {options.service + "." + rotate.namespace_name + ".svc"};
  rotate.renew.serving_lifetime_seconds = options.leaf_days * certs::kDay;
  rotate.renew.authority_lifetime_seconds = options.authority_days * certs::kDay;
  rotate.renew.times = {options.overlap_days * certs::kDay, options.settle_seconds};
  const auto rotation = RotateCertificates(*client, rotate);
  if (!rotation) {
    Complain(rotation.error());
    return ExitStatus::kUsage;
  }
  for (const std::string& line : rotation->done) std::printf("%s\n", line.c_str());
  if (rotation->done.empty()) std::printf("nothing is due\n");
  ShowAuthority("served    ", rotation->keyring.serving);
  ShowAuthority("authority ", rotation->keyring.authority);
  ShowAuthority("next one  ", rotation->keyring.next_authority);
  return ExitStatus::kAdmitted;
}

}  // namespace

void AddCertsRotate(Command certs, ExitStatus& status) {
  const Command command = certs.AddSubcommand(
      "rotate", "Make and renew the certificates of an installation, in its Secret");
  auto options = std::make_shared<Options>();
  AddClusterAccess(command, options->access);
  command.AddOption("--secret", options->rotate.secret, "The Secret that they are kept in")
      .TypeName("NAME")
      .Required();
  command.AddOption("--service", options->service, "The Service that the API server calls")
      .TypeName("NAME")
      .Required();
  command
      .AddOption("--mutating", options->rotate.configurations.mutating,
                 "The MutatingWebhookConfiguration that is to trust them")
      .TypeName("NAME");
  command
      .AddOption("--validating", options->rotate.configurations.validating,
                 "The ValidatingWebhookConfiguration that is to trust them")
      .TypeName("NAME");
  command
      .AddOption("--renew", options->renew,
                 "due: what is due by time, missing or damaged. serving: besides, the serving\n"
                 "certificate. authority: besides, the next authority is made; run it again\n"
                 "later and it signs. everything: at once, and nothing old is trusted, for keys\n"
                 "that others know; calls fail until the pods have the new certificate")
      .OneOf({"due", "serving", "authority", "everything"})
      .ShowDefault();
  command.AddOption("--leaf-days", options->leaf_days, "How long a serving certificate is valid")
      .Between(1, 90)
      .ShowDefault();
  command.AddOption("--authority-days", options->authority_days, "How long an authority is valid")
      .Between(2, 3650)
      .ShowDefault();
  command
      .AddOption("--overlap-days", options->overlap_days,
                 "How long before its end the next authority is made")
      .Between(1, 365)
      .ShowDefault();
  command
      .AddOption("--settle-seconds", options->settle_seconds,
                 "How long the next authority is trusted before it signs")
      .Between(0, 30 * certs::kDay)
      .ShowDefault();
  command.SetFooter(
      "Any number may run at once, and any may be cut short. Serving pods read the Secret anew\n"
      "when it changes, so that no call fails.\n\n"
      "Example:\n"
      "  ballast certs rotate -n ballast --secret ballast-tls --service ballast \\\n"
      "      --mutating ballast --validating ballast");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
