// Documents for tests, read as the webhook and as the command line would.
#pragma once

#include <string>

#include "k8s/api/object_parser.h"

namespace ballast::k8s {

// A document read with simdjson; lives as long as its views.
class ReadDocument {
 public:
  explicit ReadDocument(const std::string& text) : view_(parser_.Parse(text).value()) {}
  JsonView view() const { return view_; }

 private:
  ObjectParser parser_;
  JsonView view_;
};

// A SparkApplication with this spec, as JSON.
inline std::string Application(const std::string& spec) {
  return R"({"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"SparkApplication",
             "metadata":{"name":"job","namespace":"team"},"spec":)" +
         spec + "}";
}

}  // namespace ballast::k8s
