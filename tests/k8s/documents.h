// Documents for tests, read as the webhook and as the command line would.
#pragma once

#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <string>

#include "k8s/json_view.h"

namespace ballast::k8s {

// A document read with simdjson; lives as long as its views.
class ReadDocument {
 public:
  explicit ReadDocument(const std::string& text)
      : text_(text), root_(parser_.parse(text_).value()) {}
  JsonView view() const { return JsonView(root_); }

 private:
  simdjson::padded_string text_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

// A SparkApplication with this spec, as JSON.
inline std::string Application(const std::string& spec) {
  return R"({"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"SparkApplication",
             "metadata":{"name":"job","namespace":"team"},"spec":)" +
         spec + "}";
}

}  // namespace ballast::k8s
