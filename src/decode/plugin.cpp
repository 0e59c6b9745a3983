#include "decode/plugin.h"

#include "decode/sonicwall.h"

namespace gander::decode {

void run_plugin(const Decoder& taken, const Decoder& decoder, model::Compat compat, model::Event& event,
                DecodeScratch& scratch) {
  switch (taken.plugin) {
    case Plugin::None:
      return;
    case Plugin::Pf:
      return decode_pf(event);
    case Plugin::Symantec:
      return decode_symantec(event);
    case Plugin::SonicWall:
      if (taken.sonicwall) taken.sonicwall->decode(event, scratch.context, scratch.match);
      return;
    case Plugin::OssecAlert:
      return decode_ossec_alert(&taken == &decoder ? PluginRole::Decides : PluginRole::Helps, compat, event, scratch);
  }
}

}  // namespace gander::decode
