// Lists a collection page by page, handing on one object at a time.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "k8s/api/client.h"
#include "k8s/json_view.h"

namespace ballast::k8s {

// What is asked for where the metadata of objects is enough: of one object (a watch's), of a list.
inline constexpr const char* kMetadataOnly =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
inline constexpr const char* kMetadataListOnly =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

struct ListOptions {
  int page_limit = 500;
  size_t largest_object = size_t{8} << 20;  // bytes
  bool metadata_only = false;               // of each object nothing but its metadata
};

// `path` is the collection's: "/api/v1/nodes", or "/apis/x/v1/namespaces/y/z?labelSelector=...".
// Objects of a typed list carry neither kind nor apiVersion, as the server sends them. The view
// lives as long as the call of `visit`. The value is the list's resourceVersion, to watch from.
ApiResult<std::string> ListAll(ApiClient& client, std::string_view path,
                               const std::function<void(JsonView object)>& visit,
                               const ListOptions& options = {}, const std::stop_token& stop = {});

// One page of it, for who has other things to do between two. `next` is empty for the first page,
// then what the page before said; its value is empty again after the last one.
struct ListedPage {
  std::string resource_version;
  std::string next;
};
ApiResult<ListedPage> ListPage(ApiClient& client, std::string_view path, const std::string& next,
                               const std::function<void(JsonView object)>& visit,
                               const ListOptions& options = {}, const std::stop_token& stop = {});

}  // namespace ballast::k8s
