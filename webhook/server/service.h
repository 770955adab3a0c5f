// The webhook as a whole: servers, files, certificate, log and metrics, put together and running
// until they are drained.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/result.h"
#include "webhook/admission/admit.h"
#include "webhook/operator/cluster_policies.h"
#include "webhook/server/cluster_view.h"
#include "webhook/server/connection.h"
#include "webhook/server/log.h"
#include "webhook/server/serving_certificate.h"

namespace ballast::webhook {

struct ServiceOptions {
  std::string listen = "127.0.0.1:8443";
  std::string metrics_listen;  // without TLS: /metrics, /healthz, /readyz; empty: not
  std::string page_listen;     // without TLS, on loopback alone: the page; empty: not
  std::string replica;         // the name that the page gives itself
  std::string policy_file;     // empty: the built-in policy alone
  std::string cluster_file;    // empty: capacity is unknown
  CertificateOptions certificate;
  // The cluster whose policies are followed, and whether this replica may lead there.
  std::optional<ClusterPoliciesOptions> cluster_policies;
  // The cluster whose nodes and namespaces are followed; not together with cluster_file.
  std::optional<ClusterViewOptions> cluster_view;
  Snapshot base;  // what no file says: version, read options
  LogLevel log_level = LogLevel::kInfo;
  int log_fd = 2;
  ConnectionLimits limits;
  uint32_t max_connections = 2500;

  // Draining: connections are accepted until it was quiet for `quiet`, or for `accept_for` in all;
  // then what is under way is finished. Everything is over after `grace`.
  std::chrono::milliseconds quiet{1000};
  std::chrono::milliseconds accept_for{10000};
  std::chrono::milliseconds grace{25000};

  // For benchmarks alone, if not empty: /mutate and /validate answer each review with this text,
  // whatever it holds. The review is received, decrypted and gathered as every other: that is what
  // serving costs without admission.
  std::string constant_answer;
};

class Service {
 public:
  // Serving from here on, or everything that keeps it from starting.
  static std::variant<std::unique_ptr<Service>, std::vector<policy::Error>> Start(
      ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  int port() const;
  int metrics_port() const;  // 0: there is none
  int page_port() const;     // 0: there is none
  // Who signed the certificate that Ballast made itself.
  std::filesystem::path authority_file() const;
  Log& log();

  // Renews certificates that are due; to be called now and then (an hour is often enough).
  void Renew(int64_t now_seconds);
  // Not ready at once; answers what comes, says Connection: close, and returns when nothing is left
  // or the grace period is over.
  void Drain();

 private:
  struct State;
  explicit Service(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook
