"""The suite's own components, which AppTest does not know: what one was given, and what its browser part tells."""

import json
from typing import Any

from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.testing.v1 import AppTest


def given(app: AppTest, name: str) -> Any:
    """Return the data of a component as its browser part has it."""
    return json.loads(_drawn(app, name).json)


def tell(app: AppTest, name: str, event: str, value: str) -> AppTest:
    """Run the app as the browser asks for it when a component tells of an event."""
    states = app._tree.get_widget_states()
    told = states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{_drawn(app, name).id}__events")
    told.json_trigger_value = json.dumps([{"event": event, "value": value}])
    return app._run(states)


def _drawn(app: AppTest, name: str) -> BidiComponent:
    return next(one.proto for one in app.get("bidi_component") if one.proto.component_name == name)
