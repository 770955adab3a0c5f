// Parses one JSON object after the other, with simdjson where it can and nlohmann/json where it
// can't (integers beyond 64 bits). One thread at a time.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "k8s/json_view.h"

namespace simdjson::dom {
class parser;
}

namespace ballast::k8s {

class ObjectParser {
 public:
  ObjectParser();
  ~ObjectParser();

  // The view lives until the next call. nullopt: it is no JSON object.
  std::optional<JsonView> Parse(std::string_view text);

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  nlohmann::json fallback_;
};

}  // namespace ballast::k8s
