// Follows the applications of the operator into the book by which their pods and ConfigMaps are
// recognised. Every replica has one: any of them may be asked about a submission. Only metadata is
// read, which does not change while a job runs.
#pragma once

#include <memory>

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
  std::unique_ptr<k8s::Reflector> watch_;
};

}  // namespace ballast::webhook
