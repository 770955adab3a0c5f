// Follows the applications of both operators into the book by which their pods and ConfigMaps are
// recognised. Every replica has one: any of them may be asked about a submission. Whole objects are
// read, since the metadata does not tell of earlier runs; next to nothing of them is kept.
#pragma once

#include <memory>
#include <vector>

#include "k8s/api/client.h"
#include "k8s/api/reflector.h"
#include "webhook/admission/application_book.h"
#include "webhook/server/log.h"

namespace ballast::webhook {

class ApplicationWatch {
 public:
  // The client and the log outlive it.
  ApplicationWatch(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book, Log& log);

  void Start();
  void RequestStop();

 private:
  std::vector<std::unique_ptr<k8s::Reflector>> watches_;  // one for each version
};

}  // namespace ballast::webhook
