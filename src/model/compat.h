// Compat: whether an oddity of OSSEC 4.3 that loses or hides something is repeated or mended (docs/compat.md).
#pragma once

namespace gander::model {

enum class Compat { Mended, Ossec43 };

}  // namespace gander::model
