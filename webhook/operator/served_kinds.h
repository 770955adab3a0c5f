// Asks the API server, now and then, which of Spark's kinds it has in a version that is known: of
// those an object that comes in another version comes in a known one, too. Every replica asks.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "k8s/api/client.h"
#include "webhook/admission/application_book.h"

namespace ballast::webhook {

// "spark.apache.org/SparkApplication"; nullopt where the server did not answer all of it.
std::optional<std::set<std::string>> AskServedKinds(k8s::ApiClient& client,
                                                    const std::stop_token& stop = {});

class ServedKinds {
 public:
  // The client outlives it.
  ServedKinds(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book);

  void Start();
  void RequestStop() { thread_.request_stop(); }

 private:
  k8s::ApiClient& client_;
  std::shared_ptr<ApplicationBook> book_;
  std::jthread thread_;
};

}  // namespace ballast::webhook
