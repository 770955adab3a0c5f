// `ballast serve`: the webhook, until SIGTERM.

#include "webhook/server/serve.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "k8s/api/config.h"
#include "policy/policy_values.h"
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
  std::string stale_after = "5m";
  std::string on_stale = "warn";
  int grace_seconds = 25;
  k8s::ConfigChoice cluster_choice;
  std::string leader_election = "auto";
  std::string lease;
  bool reports = false;
  std::string reports_interval = "10m";
  std::string reports_max_age = "30d";
  size_t reports_max = 2000;
};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The pod's name, or the machine's where there is no pod.
std::string ReplicaName() {
  if (std::string pod = Environment("POD_NAME"); !pod.empty()) return pod;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return host.data();
}

// No two replicas have the same, nor has one the same twice.
std::string NewIdentity(const std::string& replica) {
  std::random_device random;
  std::array<char, 24> suffix{};
  std::snprintf(suffix.data(), suffix.size(), "_%08x%08x", random(), random());
  return replica + suffix.data();
}

// Where the Lease is: "NAMESPACE/NAME", each with a default.
k8s::LeaseOptions LeaseOf(const Options& options, const k8s::ApiConfig& api) {
  k8s::LeaseOptions lease;
  const size_t slash = options.lease.find('/');
  lease.name = slash == std::string::npos ? options.lease : options.lease.substr(slash + 1);
  if (slash != std::string::npos) lease.namespace_name = options.lease.substr(0, slash);
  if (lease.name.empty()) lease.name = "ballast";
  if (lease.namespace_name.empty()) lease.namespace_name = Environment("POD_NAMESPACE");
  if (lease.namespace_name.empty()) lease.namespace_name = api.namespace_name;
  return lease;
}

// nullopt where none are wanted.
policy::Result<std::optional<ReportOptions>> ReportsOf(const Options& options) {
  if (!options.reports) return std::optional<ReportOptions>();
  const auto interval = policy::ReadDuration(options.reports_interval);
  if (!interval) return policy::Error{"--reports-interval", interval.error().what};
  const auto age = policy::ReadDuration(options.reports_max_age);
  if (!age) return policy::Error{"--reports-max-age", age.error().what};
  ReportOptions reports;
  reports.interval_seconds = std::max<int64_t>(*interval, 10);
  reports.max_age_seconds = *age;
  reports.most = options.reports_max;
  return std::optional(reports);
}

// The cluster that is named; with --cluster FILE only one that is named on the command line or
// that the pod runs in, so that trying something on a file never touches a cluster.
policy::Result<std::optional<ClusterPoliciesOptions>> FindCluster(const Options& options) {
  k8s::ConfigPlaces places = k8s::PlacesOfThisProcess();
  const bool named =
      !options.cluster_choice.kubeconfig.empty() || !options.cluster_choice.context.empty();
  const bool in_pod = !named && places.kubeconfig.empty() && !places.service_host.empty();
  const std::optional<ClusterPoliciesOptions> none;
  if (!options.service.cluster_file.empty() && !named && !in_pod) return none;
  auto api = k8s::FindApiConfig(places, options.cluster_choice);
  if (!api.ok()) return api.error();
  if (!*api) return none;
  ClusterPoliciesOptions cluster;
  cluster.api = **api;
  if (options.leader_election == "on" || (options.leader_election == "auto" && in_pod)) {
    OperatorOptions leading;
    leading.replica = ReplicaName();
    leading.lease = LeaseOf(options, cluster.api);
    leading.lease.identity = NewIdentity(leading.replica);
    auto reports = ReportsOf(options);
    if (!reports) return reports.error();
    leading.reports = *reports;
    cluster.leading = std::move(leading);
  }
  return std::optional(std::move(cluster));
}

OnStale OnStaleOf(const std::string& word) {
  if (word == "ignore") return OnStale::kIgnore;
  return word == "abstain" ? OnStale::kAbstain : OnStale::kWarn;
}

// Sets the service up to follow a cluster, or none; false: an option was no good.
bool FollowCluster(const Options& options, std::optional<ClusterPoliciesOptions> cluster,
                   ServiceOptions& service) {
  const auto stale_after = policy::ReadDuration(options.stale_after);
  if (!stale_after) {
    Complain({"--stale-after", stale_after.error().what});
    return false;
  }
  service.base.on_stale = OnStaleOf(options.on_stale);
  const bool in_pod = !k8s::PlacesOfThisProcess().service_host.empty();
  if (service.listen.empty()) service.listen = in_pod ? ":8443" : "127.0.0.1:8443";
  if (cluster && service.cluster_file.empty()) {
    ClusterViewOptions view;
    view.api = cluster->api;
    view.view.stale_after = std::chrono::seconds(*stale_after);
    service.cluster_view = std::move(view);
  }
  service.cluster_policies = std::move(cluster);
  return true;
}

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
  service.replica = ReplicaName();
  if (service.certificate.cert_dir.empty() && service.certificate.state_dir.empty()) {
    service.certificate.state_dir = DefaultStateFolder();
  }
  auto cluster = FindCluster(options);
  if (!cluster.ok()) {
    Complain(cluster.error());
    return ExitStatus::kUsage;
  }
  if (!FollowCluster(options, *std::move(cluster), service)) return ExitStatus::kUsage;
  const auto errors = Serve(std::move(service));
  for (const policy::Error& error : errors) Complain(error);
  return errors.empty() ? ExitStatus::kAdmitted : ExitStatus::kUsage;
}

}  // namespace

void AddServe(Command app, ExitStatus& status) {
  const Command command = app.AddSubcommand("serve", "Run the admission webhook");
  auto options = std::make_shared<Options>();
  ServiceOptions& service = options->service;
  service.listen.clear();
  command
      .AddOption("--listen", service.listen,
                 "Where /mutate and /validate answer, over TLS; port 0: a free one (default:\n"
                 "127.0.0.1:8443, in a pod :8443)")
      .TypeName("ADDR:PORT");
  command
      .AddOption("--metrics-listen", service.metrics_listen,
                 "/metrics, /healthz and /readyz without TLS, besides")
      .TypeName("ADDR:PORT");
  command
      .AddOption("--page-listen", service.page_listen,
                 "A page to look at, read-only: cluster, decisions, rules, policies. Without TLS\n"
                 "and for loopback alone, such as 127.0.0.1:8081")
      .TypeName("ADDR:PORT");
  command
      .AddOption("--policy", service.policy_file,
                 "Policy file, watched: a good change takes effect within a second, a bad one is\n"
                 "reported and the old stays. Without one, the built-in policy")
      .TypeName("FILE");
  command
      .AddOption(
          "--cluster", service.cluster_file,
          "What `kubectl get nodes -o yaml` (or json) printed, watched likewise. Without it the\n"
          "live cluster counts, if one is named; else the rules about capacity abstain")
      .TypeName("FILE");
  const Option cert_dir = command
                              .AddOption("--cert-dir", service.certificate.cert_dir,
                                         "Folder with tls.crt and tls.key, watched")
                              .TypeName("DIR");
  command
      .AddOption("--state-dir", service.certificate.state_dir,
                 "Where certificates that Ballast makes itself are kept (default:\n"
                 "~/.local/state/ballast)")
      .TypeName("DIR")
      .Excludes(cert_dir);
  command
      .AddOption("--cert-name", service.certificate.names,
                 "One more DNS name or address for such a certificate; repeatable")
      .TypeName("NAME")
      .OnePerName();
  command
      .AddOption("--client-ca", service.certificate.client_ca_file,
                 "Only clients with a certificate of this authority are answered")
      .TypeName("FILE");
  command.AddOption("--log-level", options->log_level, "Least level that is logged")
      .OneOf({"debug", "info", "warn", "error", "off"})
      .ShowDefault();
  AddVersionOptions(command, options->versions);
  command
      .AddOption("--on-unreadable", options->on_unreadable,
                 "What /validate does with an object that cannot be read")
      .OneOf({"reject", "admit"})
      .ShowDefault();
  command
      .AddOption("--kubeconfig", options->cluster_choice.kubeconfig,
                 "The cluster whose policies are followed (default: KUBECONFIG, or the one that\n"
                 "it runs in)")
      .TypeName("FILE");
  command
      .AddOption("--context", options->cluster_choice.context,
                 "Which context of the kubeconfig (default: its current one)")
      .TypeName("NAME");
  command
      .AddOption("--leader-election", options->leader_election,
                 "Whether this replica may lead: write statuses of policies and Events; auto:\n"
                 "in a pod")
      .OneOf({"auto", "on", "off"})
      .ShowDefault();
  command
      .AddOption("--lease", options->lease,
                 "The Lease by which one replica leads (default: ballast in its own namespace)")
      .TypeName("[NAMESPACE/]NAME");
  command.AddFlag("--reports", options->reports,
                  "As the leader, write a Report (openreports.io) of each application that is\n"
                  "rewritten, or that policy has something to say of");
  command
      .AddOption("--reports-interval", options->reports_interval,
                 "From one scan of what is stored to the next; at least 10s")
      .TypeName("TIME")
      .ShowDefault();
  command
      .AddOption("--reports-max", options->reports_max,
                 "Reports at most; of further applications none is written")
      .Between(1, 20000)
      .ShowDefault();
  command
      .AddOption("--reports-max-age", options->reports_max_age,
                 "How old an application that has ended may be to be reported")
      .TypeName("TIME")
      .ShowDefault();
  command
      .AddOption("--stale-after", options->stale_after,
                 "The view of the live cluster is too old once the API server has not been heard\n"
                 "for so long; it says something each minute")
      .TypeName("TIME")
      .ShowDefault();
  command
      .AddOption("--on-stale", options->on_stale,
                 "What decisions then do: warn and judge by what was known, say nothing, or warn\n"
                 "and not judge by capacity")
      .OneOf({"warn", "ignore", "abstain"})
      .ShowDefault();
  command.AddOption("--grace", options->grace_seconds, "Seconds to drain in after SIGTERM")
      .Between(1, 3600)
      .ShowDefault();
  command
      .AddOption("--bench-constant", service.constant_answer,
                 "For benchmarks: answer every review with this text, unread")
      .TypeName("TEXT");
  command.SetFooter(
      "Examples:\n"
      "  ballast serve --policy policy.yaml --cluster nodes.yaml\n"
      "  ballast serve --listen :8443 --cert-dir /etc/ballast/tls --metrics-listen :8080");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
