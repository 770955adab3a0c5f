// Writes JSON and base64 straight into a string: what an answer needs, without a document in
// between. Whatever is given, the text is valid JSON in valid UTF-8.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"

namespace ballast::webhook {

// "text" with its quotes. Bytes that are no UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);
// A whole value; of texts and numbers without a detour.
void AppendJson(std::string& out, const nlohmann::json& value);
void AppendJson(std::string& out, k8s::JsonView value);
// The patch as RFC 6902 writes it: [{"op":"add","path":"/a","value":1},...]
void AppendPatch(std::string& out, const k8s::Patch& patch);

void AppendBase64(std::string& out, std::string_view bytes);

}  // namespace ballast::webhook
