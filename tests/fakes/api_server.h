// An API server that behaves: real HTTP over loopback, over TLS or plain, with lists in pages,
// watches that go on, bookmarks, conflicts, 410; and that misbehaves as it is told: hangs, drops,
// sends garbage, answers with a status. What it holds is in an ApiStore.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "certs/issue.h"
#include "certs/tls_context.h"
#include "tests/fakes/api_store.h"

namespace ballast::fakes {

inline const ResourceKey kNodes{"/api/v1", "nodes"};
inline const ResourceKey kNamespaces{"/api/v1", "namespaces"};
inline const ResourceKey kApplications{"/apis/sparkoperator.k8s.io/v1beta2", "sparkapplications"};
inline const ResourceKey kDaemonSets{"/apis/apps/v1", "daemonsets"};
inline const ResourceKey kResourceQuotas{"/api/v1", "resourcequotas"};
inline const ResourceKey kLimitRanges{"/api/v1", "limitranges"};
inline const ResourceKey kPolicies{"/apis/policy.ballast.dev/v1alpha1", "sparkresourcepolicies"};
inline const ResourceKey kExceptions{"/apis/policy.ballast.dev/v1alpha1", "sparkpolicyexceptions"};

struct ApiRequest {
  std::string method;
  std::string path;                            // without the query
  std::map<std::string, std::string> query;    // decoded
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string server_name;  // that TLS asked for; empty: none
};

// What is done to a request instead of answering it well.
struct Fault {
  enum class Kind {
    kStatus,   // answers with `status`
    kHang,     // does not answer until the server is stopped
    kDrop,     // closes the connection without a word
    kBytes,    // sends `bytes` as they are, and closes
    kEndless,  // a good head, then `bytes` again and again until the client has had enough
  };
  Kind kind = Kind::kStatus;
  int status = 500;
  std::string reason = {};
  std::string bytes = {};
};

struct ApiServerOptions {
  bool tls = true;
  std::string token;             // that it asks for; empty: none
  bool gone_by_event = true;     // 410 of a watch as an ERROR event; false: as HTTP's status
  std::string client_authority;  // PEM: asks for a certificate of it
};

class ApiServer {
 public:
  explicit ApiServer(ApiServerOptions options = {});
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  std::string url() const;
  int port() const { return port_; }
  // Who signed its certificate.
  const certs::KeyPair& authority() const { return authority_; }
  ApiStore& store() { return store_; }
  void SetToken(const std::string& token);

  // The next `times` requests whose "METHOD target" holds `part` meet with the fault.
  void Fail(const std::string& part, Fault fault, int times = 1);
  void Heal();
  // Breaks every connection.
  void DropConnections();
  // Neither accepts nor keeps connections; and does again, on the same port.
  void GoAway();
  void ComeBack();

  // Requests so far whose "METHOD target" holds `part`.
  int Count(const std::string& part) const;
  // Waits for so many; false: they did not come in time.
  bool WaitFor(const std::string& part, int count,
               std::chrono::milliseconds time = std::chrono::seconds(10)) const;
  std::vector<ApiRequest> Requests(const std::string& part) const;

 private:
  class Wire;
  struct Planned {
    std::string part;
    Fault fault;
    int times = 0;
  };
  void Listen();
  void Accept(const std::stop_token& stop);
  void Serve(Wire& wire, const std::stop_token& stop);
  bool Answer(Wire& wire, const ApiRequest& request, const std::stop_token& stop);
  bool Misbehave(Wire& wire, const Fault& fault, const std::stop_token& stop);
  bool AnswerList(Wire& wire, const ApiRequest& request, const ResourceKey& resource,
                  const std::string& name_space);
  bool AnswerWatch(Wire& wire, const ApiRequest& request, const ResourceKey& resource,
                   const std::string& name_space, const std::stop_token& stop);
  bool AnswerObject(Wire& wire, const ApiRequest& request, const ResourceKey& resource,
                    const ObjectKey& key);
  std::optional<Fault> FaultFor(const std::string& line);

  const ApiServerOptions options_;
  certs::KeyPair authority_;
  std::shared_ptr<const certs::TlsContext> tls_;
  ApiStore store_;
  int port_ = 0;
  int listener_ = -1;

  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  std::string token_;                                         // all of these under mutex_
  std::vector<Planned> planned_;                              //
  std::vector<std::pair<std::string, ApiRequest>> requests_;  //
  std::set<int> sockets_;                                     //
  std::vector<std::jthread> connections_;                     //
  std::stop_source stop_;
  std::jthread acceptor_;
};

}  // namespace ballast::fakes
