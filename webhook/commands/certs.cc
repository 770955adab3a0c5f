// `ballast certs make|show`; rotate has a file of its own.

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "certs/certificate.h"
#include "certs/store.h"
#include "webhook/commands/certs_rotate.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"

namespace ballast::webhook {
namespace {

ExitStatus Make(const std::string& folder, const std::vector<std::string>& names, int days) {
  certs::EnsureOptions options;
  options.now = std::time(nullptr);
  options.names.insert(options.names.end(), names.begin(), names.end());
  options.serving_lifetime_seconds = days * certs::kDay;
  const auto made = certs::EnsureCertificates(folder, options);
  if (!made) {
    Complain(made.error());
    return ExitStatus::kUsage;
  }
  const certs::CertificateFiles files = certs::FilesIn(folder);
  const char* what = *made == certs::Ensured::kKept ? "kept what is still good"
                     : *made == certs::Ensured::kMadeServing
                         ? "made a serving certificate"
                         : "made an authority and a serving certificate";
  std::printf("%s in %s:\n  %s  what clients are to trust\n  %s\n  %s  a secret\n", what,
              folder.c_str(), files.authority.c_str(), files.certificate.c_str(),
              files.key.c_str());
  return ExitStatus::kAdmitted;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

const char* StateText(certs::ValidityState state) {
  switch (state) {
    case certs::ValidityState::kNotYet:
      return "not valid yet";
    case certs::ValidityState::kValid:
      return "valid now";
    case certs::ValidityState::kExpired:
      return "EXPIRED";
  }
  return "";
}

// Shows every certificate of the files; status 1 where one is not valid now.
ExitStatus Show(const std::vector<std::string>& paths) {
  ExitStatus status = ExitStatus::kAdmitted;
  const int64_t now = std::time(nullptr);
  for (std::string path : paths) {
    if (std::filesystem::is_directory(path)) path = certs::FilesIn(path).certificate;
    const auto text = ReadWholeFile(path);
    if (!text) return ExitStatus::kUsage;
    const auto described = certs::Describe(*text);
    if (!described) {
      Complain({path, described.error().what});
      return ExitStatus::kUsage;
    }
    for (const certs::CertificateInfo& info : *described) {
      const certs::ValidityState state = certs::StateAt(info.validity, now);
      if (state != certs::ValidityState::kValid) status = ExitStatus::kRejected;
      std::printf("%s\n  subject      %s%s\n  issuer       %s\n  names        %s%s%s\n",
                  path.c_str(), info.subject.c_str(), info.is_authority ? " (authority)" : "",
                  info.issuer.c_str(), Joined(info.dns_names).c_str(),
                  info.dns_names.empty() || info.ip_addresses.empty() ? "" : ", ",
                  Joined(info.ip_addresses).c_str());
      std::printf(
          "  valid        %s to %s, %s (%lld days left)\n  key          %s\n  fingerprint  %s\n",
          certs::FormatTime(info.validity.not_before).c_str(),
          certs::FormatTime(info.validity.not_after).c_str(), StateText(state),
          static_cast<long long>((info.validity.not_after - now) / certs::kDay),
          info.key_type.c_str(), info.fingerprint.c_str());
    }
  }
  return status;
}

}  // namespace

void AddCerts(Command app, ExitStatus& status) {
  const Command command = app.AddSubcommand("certs", "Make, show and rotate certificates");
  command.RequireSubcommand();
  command.SetFooter("Examples:\n  ballast certs make tls\n  ballast certs show tls");

  const Command make = command.AddSubcommand("make", "Make an authority and a serving certificate");
  auto folder = std::make_shared<std::string>();
  auto names = std::make_shared<std::vector<std::string>>();
  auto days = std::make_shared<int>(365);
  make.AddOption("dir", *folder, "Folder for ca.crt, ca.key, tls.crt and tls.key").Required();
  make.AddOption("--name", *names, "A DNS name or address besides localhost; repeatable")
      .TypeName("NAME")
      .OnePerName();
  make.AddOption("--days", *days, "How long the serving certificate is valid")
      .Between(1, 3650)
      .ShowDefault();
  make.SetFooter("Example:\n  ballast certs make tls --name ballast.ballast.svc");
  make.OnCall([folder, names, days, &status] { status = Make(*folder, *names, *days); });

  const Command show =
      command.AddSubcommand("show", "Show certificates and whether they are valid now");
  auto paths = std::make_shared<std::vector<std::string>>();
  show.AddOption("file", *paths, "PEM file, or a folder with tls.crt").Required();
  show.SetFooter(
      "Exit status: 0 all are valid now, 1 one is not.\n\nExample:\n  ballast certs show tls");
  show.OnCall([paths, &status] { status = Show(*paths); });
  AddCertsRotate(command, status);
}

}  // namespace ballast::webhook
