"""scikit-learn: pages in, texts out, as the first step of a Pipeline. scikit-learn itself is not needed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..pipeline import Cleaner, Data, Input


class CleanTransformer:
    """A transformer without state: ``fit`` learns nothing.

    The parameters are those of a Cleaner, kept as they were given; the rules are compiled when first needed.
    """

    def __init__(
        self,
        rules: Iterable[str | Path] = (),
        builtin: bool = True,
        input: Input = "auto",
        language: str | None = None,
        captions: bool = False,
    ) -> None:
        self.rules, self.builtin, self.input, self.language, self.captions = rules, builtin, input, language, captions

    def fit(self, X: Any = None, y: Any = None) -> CleanTransformer:
        """Compile the rules. Raises RuleError."""
        self._cleaner: Cleaner | None = Cleaner(
            list(self.rules), builtin=self.builtin, input=self.input, language=self.language, captions=self.captions
        )
        return self

    def transform(self, X: Iterable[Data | tuple[Data, str | None]]) -> list[str]:
        """Pages, or (page, url) pairs, in; their texts out, "" for a page without an article."""
        if getattr(self, "_cleaner", None) is None:
            self.fit()
        assert self._cleaner is not None
        return [article.text for article in self._cleaner.clean_many(X)]

    def fit_transform(self, X: Iterable[Data | tuple[Data, str | None]], y: Any = None, **_: Any) -> list[str]:
        """``fit`` and ``transform``."""
        return self.fit().transform(X)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in ("rules", "builtin", "input", "language", "captions")}

    def set_params(self, **params: Any) -> CleanTransformer:
        """Change parameters. Raises ValueError for one that is none."""
        unknown = sorted(params.keys() - self.get_params().keys())
        if unknown:
            raise ValueError(f"no such parameter: {', '.join(unknown)}; there are {', '.join(self.get_params())}")
        for name, value in params.items():
            setattr(self, name, value)
        self._cleaner = None
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(preserves_dtype=[]),
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True),
            requires_fit=False,
            no_validation=True,
        )

    def __repr__(self) -> str:
        return f"CleanTransformer({', '.join(f'{name}={value!r}' for name, value in self.get_params().items())})"
