// Follows the applications of both operators into the book by which their pods and ConfigMaps are
// recognised. Every replica has one: any of them may be asked about a submission. Whole objects are
// read, since the metadata does not tell of earlier runs; next to nothing of them is kept.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "k8s/api/client.h"
#include "k8s/api/reflector.h"
#include "k8s/json_view.h"
#include "webhook/admission/application_book.h"
#include "webhook/server/log.h"

namespace ballast::webhook {

class ApplicationWatch {
 public:
  // The client and the log outlive it.
  ApplicationWatch(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book, Log& log);

  void Start();
  void RequestStop();
  // Answered: those of each version were listed once, or are not installed, or are refused to us.
  k8s::WatchesState state() const;

 private:
  void Put(const std::string& version, k8s::JsonView object);

  const std::shared_ptr<ApplicationBook> book_;
  Log& log_;
  // The first is told: how many more there are is in the metrics.
  std::atomic<bool> told_too_large_{false};
  std::atomic<bool> told_full_{false};
  std::vector<std::unique_ptr<k8s::Reflector>> watches_;  // one for each version
};

}  // namespace ballast::webhook
