// Follows the SparkResourcePolicies and SparkPolicyExceptions of a cluster into a PolicyBook.
#pragma once

#include <memory>

#include "k8s/api/client.h"
#include "k8s/api/reflector.h"
#include "webhook/operator/policy_book.h"
#include "webhook/server/log.h"

namespace ballast::webhook {

class PolicyWatch {
 public:
  // All three outlive it.
  PolicyWatch(k8s::ApiClient& client, PolicyBook& book, Log& log);
  void Start();
  void RequestStop();
  // Answered: both kinds were listed once, or are not installed, or are refused to us.
  k8s::WatchesState state() const;

 private:
  std::unique_ptr<k8s::Reflector> policies_;
  std::unique_ptr<k8s::Reflector> exceptions_;
};

// For a reflector's `failed`: a line a failure, which the reflector itself makes rare.
void LogWatchFailure(Log& log, std::string_view what, const k8s::ApiError& error,
                     std::chrono::milliseconds retry_in);

}  // namespace ballast::webhook
