// A diagnosis for people.
#pragma once

#include <string>

#include "webhook/diagnose/diagnosis.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// The worst first; no line is wider than 100 columns but for what logs say. Nothing of a log can
// steer the terminal.
std::string DiagnosisText(const Diagnosis& diagnosis, const Paint& paint);

}  // namespace ballast::webhook
