// What `ballast demo` carries with it: the files of this folder.
#pragma once

#include <string_view>

namespace ballast::webhook {

extern const std::string_view kDemoPolicy;       // policy.yaml
extern const std::string_view kDemoCluster;      // cluster.yaml
extern const std::string_view kDemoTuningGuide;  // tuning-guide.json, an AdmissionReview
extern const std::string_view kDemoOversized;    // oversized.json, an AdmissionReview

}  // namespace ballast::webhook
