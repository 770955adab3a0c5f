// What a decision grants each executor, by which its pod is held when the driver asks for it.
//
// The decision of an application stands in its object. Where there is none (a raw spark-submit), or
// none of it is known, a rewrite of the driver's ConfigMap adds a setting there of which Spark
// makes an annotation of each executor: "33957Mi 4".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/evaluate.h"
#include "policy/quantity.h"
#include "webhook/admission/application_book.h"

namespace ballast::webhook {

inline constexpr std::string_view kGrantedSetting =
    "spark.kubernetes.executor.annotation.ballast.dev/granted";
inline constexpr std::string_view kGranted = "ballast.dev/granted";

// Of Spark's container; by an application's decision, of the pod.
struct Granted {
  policy::ByteSize memory;
  policy::MilliCpu cpu;

  bool operator==(const Granted&) const = default;
};

// nullopt where the application carries no decision.
std::optional<Granted> GrantedBy(const KnownApplication& application);

// The value of the annotation; nullopt for anything else.
std::optional<Granted> ReadGranted(std::string_view text);

// The sizes of what was decided, as SizesInBrief wrote them into the decision's summary; empty
// where the text is no such summary.
std::string SizesDecided(std::string_view summary);

// All that a decision grants an application. What Spark could not compute then is missing.
struct GrantedSizes {
  std::optional<Granted> driver;
  std::optional<Granted> executor;
  std::optional<int64_t> executors;  // the most at once
};

// nullopt where the application carries no decision.
std::optional<GrantedSizes> GrantedSizesOf(const KnownApplication& application);

// Whether a driver's pod, or its settings, ask for no more than was granted. Of what a decision
// does not say nothing is known, so that it passes.
bool KeepsTo(const GrantedSizes& granted, const policy::Workload& workload);

// Writes the setting into what a rewrite makes of a ConfigMap. One that is there already stays
// where it says what is decided, and is taken out where it does not, which makes a rewrite of any
// other decision but a refusal: it is somebody else's, or of another day. True: it was taken out.
bool WriteGranted(policy::Decision& decision);

}  // namespace ballast::webhook
